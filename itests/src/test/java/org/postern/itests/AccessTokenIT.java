// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.route;

import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.postern.peer.MailPeer;

/** Mail goes out with access tokens that are fetched with secrets of the vault. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AccessTokenIT {

    private static final String USER = "relay@example.org";
    private static final String PLACE = "relay/refresh-token";

    @Inject
    private BundleContext context;

    private Instance instance;
    private TokenProvider provider;
    private MailPeer peer;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void open() throws Exception {
        instance = new Instance(context);
        provider = new TokenProvider(USER);
        peer = instance.peer(provider);
        String vault = instance.vault();
        instance.vaultSet(PLACE, USER, "refresh-0");
        instance.vaultSet("relay/client-secret", USER, "s3cr3t");
        instance.configure(vault
                + "Credential_OAuth { Account \"relay\" { Token_Endpoint = \"" + provider.endpoint() + "\" "
                + "Client_Id = \"client\" Client_Secret_Key = \"relay/client-secret\" Client_Auth = \"post\" "
                + "Grant = \"refresh_token\" User = \"" + USER + "\" } }\n"
                + route("token.example", peer)
                + "Domain \"token.example\" { Outbound_SMTP_AUTH_Type = \"XOAUTH2\""
                + " Outbound_SMTP_AUTH_Key = \"relay\" }\n"
                + "Max_Deliveries_Per_Connection = 1\n");
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
        return instance.run("vault", "get", PLACE, "--reveal", "--file", file, "--key-file", key)
                .strip();
    }

    @Test
    public void aTokenIsFetchedRenewedAfterARefusalAndStopsWhereTheRefreshTokenIsRevoked() throws Exception {
        send("first");
        eventually(() -> peer.messageCount() == 1);
        assertEquals("requests for a token", 1, provider.shown.size());
        assertEquals("what is kept after a rotation", "refresh-1", kept());

        send("with the same token");
        eventually(() -> peer.messageCount() == 2);
        assertEquals("requests for a token", 1, provider.shown.size());

        provider.endToken();
        send("after a refusal");
        eventually(() -> peer.messageCount() == 3);
        assertEquals("requests for a token", 2, provider.shown.size());
        assertEquals("what is kept after a rotation", provider.refreshToken(), kept());
        assertEquals("refused logins", 1, peer.failedLogins());
        assertFalse(
                instance.run("oauth", "status"), instance.run("oauth", "status").contains("access-"));

        provider.takeOnly("refresh-of-a-new-login");
        // The token that is there is used on; only the next one is refused.
        assertEquals(0, instance.attempt("", "oauth", "retry", "relay").code());
        assertTrue(instance.run("oauth", "status").contains("run postern oauth login relay"));
        instance.vaultSet(PLACE, USER, "refresh-of-a-new-login");
        eventually(() -> kept().equals("refresh-of-a-new-login"));
        eventually(() -> instance.attempt("", "oauth", "retry", "relay").code() == 0
                && instance.run("oauth", "status").contains("  good  "));
        send("after a new login");
        eventually(() -> peer.messageCount() == 4);
        assertEquals("failed", 0L, (long) instance.engine().counters().getOrDefault("failed", 0L));
    }
}
