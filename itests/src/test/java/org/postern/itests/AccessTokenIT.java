// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.route;
import static org.postern.itests.TokenProvider.REFRESH_TOKEN_PLACE;

import java.util.Optional;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.postern.peer.MailPeer;
import org.postern.testkit.Canaries;

/** Mail goes out with access tokens that are fetched with secrets of the vault. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AccessTokenIT {

    private static final String USER = "relay@example.org";

    @Inject
    private BundleContext context;

    private Instance instance;
    private TokenProvider provider;
    private MailPeer peer;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    private static String secret(String name) {
        return Canaries.MARKER + "-" + name;
    }

    /** A mail server that believes only the newest token of the provider. */
    private void open(String mechanism) throws Exception {
        instance = new Instance(context);
        peer = instance.peer(mechanism, USER, "no token yet");
        provider = new TokenProvider(AccessTokenIT::secret, token -> peer.account(USER, token));
        String vault = instance.vault();
        instance.configure(vault
                + provider.account(instance, USER)
                + route("token.example", peer)
                + "Domain \"token.example\" { Outbound_SMTP_AUTH_Type = \"" + mechanism + "\""
                + " Outbound_SMTP_AUTH_Key = \"relay\" }\n"
                + "Max_Deliveries_Per_Connection = 1\n");
        provider.awaitToken(instance);
    }

    @After
    public void close() {
        peer.close();
        provider.close();
    }

    private void send(String subject) throws Exception {
        instance.send("s@example.org", "r@token.example", "Subject: " + subject + "\r\n\r\n");
    }

    private String kept() {
        String file = instance.vaultFile().toString();
        String key = instance.directory().resolve("vault.key").toString();
        return instance.run("vault", "get", REFRESH_TOKEN_PLACE, "--reveal", "--file", file, "--key-file", key)
                .strip();
    }

    @Test
    public void aTokenIsFetchedRenewedAfterARefusalAndStopsWhereTheRefreshTokenIsRevoked() throws Exception {
        tokensAreRenewed("XOAUTH2");
    }

    @Test
    public void theSameHoldsWhereTheTokenIsShownAsTheStandardHasIt() throws Exception {
        tokensAreRenewed("OAUTHBEARER");
    }

    private void tokensAreRenewed(String mechanism) throws Exception {
        open(mechanism);
        int requests = provider.requests();
        send("first");
        eventually(() -> peer.messageCount() == 1);
        assertEquals(Optional.of(mechanism), peer.messages().getFirst().mechanism());
        assertEquals("requests for a token", requests, provider.requests());
        assertEquals("what is kept after a rotation", secret("refresh-1"), kept());

        send("with the same token");
        eventually(() -> peer.messageCount() == 2);
        assertEquals("requests for a token", requests, provider.requests());

        peer.account(USER, "ended");
        send("after a refusal");
        eventually(() -> peer.messageCount() == 3);
        assertEquals("requests for a token", requests + 1, provider.requests());
        assertEquals("what is kept after a rotation", provider.refreshToken(), kept());
        assertEquals("refused logins", 1, peer.failedLogins());
        assertFalse(
                instance.run("oauth", "status"), instance.run("oauth", "status").contains("access-"));

        provider.takeOnly(secret("refresh-of-a-new-login"));
        // The token that is there is used on; only the next one is refused.
        assertEquals(0, instance.attempt("", "oauth", "retry", "relay").code());
        assertTrue(instance.run("oauth", "status").contains("run postern oauth login relay"));
        peer.account(USER, "ended again");
        send("while nobody has logged in");
        eventually(() -> peer.failedLogins() == 2);

        // The relay hears of it from the vault; nobody has to say retry.
        instance.vaultSet(REFRESH_TOKEN_PLACE, USER, secret("refresh-of-a-new-login"));
        eventually(() -> peer.messageCount() == 4);
        assertEquals("what is kept after a rotation", provider.refreshToken(), kept());
        assertTrue(instance.run("oauth", "status").contains("  good  "));
        assertEquals("failed", 0L, (long) instance.engine().counters().getOrDefault("failed", 0L));
    }
}
