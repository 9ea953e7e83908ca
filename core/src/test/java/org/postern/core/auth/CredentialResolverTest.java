// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.core.auth.CredentialResult.Missing;
import org.postern.core.auth.CredentialResult.Ready;
import org.postern.core.auth.CredentialResult.Unavailable;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.policy.ResolvedAuth;

class CredentialResolverTest {

    private final StoreRegistry stores = new StoreRegistry(StoreRegistry.Limits.DEFAULT);
    private final FakeStore vault = new FakeStore("vault").holds("relay", Auths.credential("stored", "from-vault"));
    private final MechanismRegistry mechanisms = new MechanismRegistry();
    private final CredentialResolver resolver = new CredentialResolver(stores, mechanisms);

    @AfterEach
    void close() {
        stores.close();
    }

    @Test
    void usesThePasswordAndLeavesTheKeyToHooks() throws Exception {
        stores.bind(vault, 1, 1);
        Ready ready = ready(Auths.NOTHING.user("alice").password("pw").key("relay"));
        assertThat(ready.identity().user()).isEqualTo("alice");
        assertThat(password(ready)).isEqualTo(Secret.of("pw"));
        assertThat(vault.calls).hasValue(0);
    }

    @Test
    void asksTheStoresWhereOnlyAKeyIsSet() throws Exception {
        stores.bind(vault, 1, 1);
        Ready ready = ready(Auths.NOTHING.key("relay"));
        assertThat(ready.identity().user()).isEqualTo("stored");
        assertThat(ready.identity().source()).isEqualTo("vault:relay");
        assertThat(password(ready)).isEqualTo(Secret.of("from-vault"));
    }

    @Test
    void prefersTheConfiguredUserToTheStoresAndKeepsThemApart() throws Exception {
        stores.bind(vault, 1, 1);
        Ready own = ready(Auths.NOTHING.key("relay"));
        Ready other = ready(Auths.NOTHING.key("relay").user("bob"));
        assertThat(other.credential().user()).isEqualTo("bob");
        assertThat(password(other)).isEqualTo(Secret.of("from-vault"));
        assertThat(other.identity()).isNotEqualTo(own.identity());
    }

    @Test
    void takesAConfiguredSecretForATokenOnlyWhereNoNamedMechanismWouldTakeItForAPassword() throws Exception {
        mechanisms.bind(installed("XOAUTH2", 1, "bearer"), (context, given) -> null);
        mechanisms.bind(installed("PLAIN", 2, "password"), (context, given) -> null);
        Auths auth = Auths.NOTHING.user("alice").password("ya29.token");
        assertThat(ready(auth.type("XOAUTH2")).credential())
                .isInstanceOfSatisfying(
                        BearerToken.class, token -> assertThat(token.token()).isEqualTo(Secret.of("ya29.token")));
        for (Auths password : List.of(auth, auth.type("XOAUTH2", "PLAIN"), auth.type("XOAUTH2", "X-UNKNOWN"))) {
            assertThat(ready(password).credential()).isInstanceOf(PasswordCredential.class);
        }
        mechanisms.unbind(1);
        assertThat(ready(auth.type("XOAUTH2")).credential())
                .as("while the bundle is being replaced")
                .isInstanceOf(BearerToken.class);
    }

    @Test
    void hasNothingButTheUserWhereTheMechanismsNeedNoSecret() throws Exception {
        mechanisms.bind(installed("EXTERNAL", 1, "identity"), (context, given) -> null);
        assertThat(ready(Auths.NOTHING.type("EXTERNAL")).credential()).isEqualTo(new IdentityOnly(""));
        assertThat(ready(Auths.NOTHING.type("EXTERNAL").user("alice")).credential())
                .isEqualTo(new IdentityOnly("alice"));
    }

    private static InstalledMechanism installed(String name, long serviceId, String feeds) {
        return new InstalledMechanism(name, 1, true, Set.of(feeds), "test 1.0", serviceId);
    }

    @Test
    void tellsTheStoresWhichVersionWasRefused() throws Exception {
        stores.bind(vault, 1, 1);
        CredentialVersion refused = ready(Auths.NOTHING.key("relay")).identity().version();
        resolver.resolveAnew(Auths.NOTHING.key("relay").resolved(), refused);
        assertThat(vault.refused).containsExactly(refused);
    }

    @Test
    void givesACopyThatCanBeClosed() throws Exception {
        ResolvedAuth auth = Auths.NOTHING.user("alice").password("pw").resolved();
        ((Ready) resolver.resolve(auth)).credential().close();
        assertThat(password((Ready) resolver.resolve(auth))).isEqualTo(Secret.of("pw"));
    }

    @Test
    void versionsPasswordsWithoutRevealingThem() throws Exception {
        AuthIdentity first = ready(Auths.NOTHING.user("alice").password("pw")).identity();
        assertThat(ready(Auths.NOTHING.user("alice").password("pw")).identity()).isEqualTo(first);
        assertThat(ready(Auths.NOTHING.user("alice").password("px")).identity().version())
                .isNotEqualTo(first.version());
        assertThat(ready(Auths.NOTHING.user("alicep").password("w")).identity().version())
                .isNotEqualTo(first.version());
        CredentialResolver otherProcess = new CredentialResolver(stores, mechanisms);
        Ready elsewhere = (Ready)
                otherProcess.resolve(Auths.NOTHING.user("alice").password("pw").resolved());
        assertThat(elsewhere.identity().version()).isNotEqualTo(first.version());
    }

    @Test
    void namesKeyStoreAndLineOfWhatIsMissing() throws Exception {
        stores.bind(vault, 1, 1);
        assertThat(resolver.resolve(Auths.NOTHING.key("nobody").resolved()))
                .isEqualTo(new Missing("no credential 'nobody' (Outbound_SMTP_AUTH_Key at postern.conf:4): "
                        + "store vault: no entry 'nobody'"));
    }

    @Test
    void isUnavailableWhereStoresCannotSay() throws Exception {
        assertThat(resolver.resolve(Auths.NOTHING.key("relay").resolved()))
                .isEqualTo(new Unavailable(
                        "no answer about credential 'relay' (Outbound_SMTP_AUTH_Key at postern.conf:4): "
                                + "no credential store is installed"));
    }

    @Test
    void saysWhatIsIncomplete() throws Exception {
        assertThat(missing(Auths.NOTHING.user("alice")))
                .isEqualTo("authentication is incomplete: Outbound_SMTP_AUTH_User at postern.conf:2 is set, "
                        + "but neither Outbound_SMTP_AUTH_Pass nor Outbound_SMTP_AUTH_Key");
        assertThat(missing(Auths.NOTHING.type("PLAIN"))).contains("Outbound_SMTP_AUTH_Type at postern.conf:1 is set");
        assertThat(missing(Auths.NOTHING.password("pw").key("relay")))
                .contains("Outbound_SMTP_AUTH_Pass at postern.conf:3 is set, but no Outbound_SMTP_AUTH_User");
    }

    @Test
    void refusesAnEntryWithoutUserUnlessOneIsConfigured() throws Exception {
        stores.bind(vault.holds("anonymous", Auths.credential("", "pw")), 1, 1);
        assertThat(missing(Auths.NOTHING.key("anonymous"))).contains("names no user");
        assertThat(ready(Auths.NOTHING.key("anonymous").user("alice"))
                        .credential()
                        .user())
                .isEqualTo("alice");
    }

    private Ready ready(Auths auths) throws InterruptedException {
        return (Ready) resolver.resolve(auths.resolved());
    }

    private String missing(Auths auths) throws InterruptedException {
        return ((Missing) resolver.resolve(auths.resolved())).reason();
    }

    private static Secret password(Ready ready) {
        return ((PasswordCredential) ready.credential()).password();
    }
}
