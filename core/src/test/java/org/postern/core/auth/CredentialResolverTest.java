// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.core.audit.Audit;
import org.postern.core.auth.CredentialResult.Missing;
import org.postern.core.auth.CredentialResult.Ready;
import org.postern.core.auth.CredentialResult.Unavailable;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.FakeRegisters;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.Validity;
import org.postern.spi.policy.ResolvedAuth;

class CredentialResolverTest {

    private final StoreRegistry stores =
            new StoreRegistry(StoreRegistry.Limits.DEFAULT, Clock.systemUTC(), new SecureRandom());
    private final FakeStore vault = new FakeStore("vault").holds("relay", Auths.credential("stored", "from-vault"));
    private final MechanismRegistry mechanisms = new MechanismRegistry();
    private final CredentialResolver resolver =
            new CredentialResolver(stores, mechanisms, Clock.systemUTC(), Audit.NONE);

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
        Ready refused = ready(Auths.NOTHING.key("relay"));
        resolver.resolveAnew(request(Auths.NOTHING.key("relay").resolved()), refused);
        assertThat(vault.refused).containsExactly(refused.credential().version());
    }

    @Test
    void givesACopyThatCanBeClosed() throws Exception {
        ResolvedAuth auth = Auths.NOTHING.user("alice").password("pw").resolved();
        ((Ready) resolve(request(auth))).credential().close();
        assertThat(password((Ready) resolve(request(auth)))).isEqualTo(Secret.of("pw"));
    }

    @Test
    void versionsPasswordsWithoutRevealingThem() throws Exception {
        AuthIdentity first = ready(Auths.NOTHING.user("alice").password("pw")).identity();
        assertThat(ready(Auths.NOTHING.user("alice").password("pw")).identity()).isEqualTo(first);
        assertThat(ready(Auths.NOTHING.user("alice").password("px")).identity().version())
                .isNotEqualTo(first.version());
        assertThat(ready(Auths.NOTHING.user("alicep").password("w")).identity().version())
                .isNotEqualTo(first.version());
        CredentialResolver otherProcess = new CredentialResolver(stores, mechanisms, Clock.systemUTC(), Audit.NONE);
        Ready elsewhere = (Ready) otherProcess.resolve(
                request(Auths.NOTHING.user("alice").password("pw").resolved()));
        assertThat(elsewhere.identity().version()).isNotEqualTo(first.version());
    }

    @Test
    void givesAPasswordTheSameVersionOnEveryRelayThatSharesRegisters() throws Exception {
        FakeRegisters registers = new FakeRegisters(InstantSource.system());
        List<AuthIdentity> identities = new ArrayList<>();
        for (int relay = 0; relay < 2; relay++) {
            CredentialResolver one = new CredentialResolver(
                    stores,
                    mechanisms,
                    Clock.systemUTC(),
                    Audit.NONE,
                    new Cluster(Optional.of(registers), Clock.systemUTC()));
            Ready ready = (Ready) one.resolve(
                    request(Auths.NOTHING.user("alice").password("pw").resolved()));
            identities.add(ready.identity());
        }
        assertThat(identities.getFirst()).isEqualTo(identities.getLast());
    }

    @Test
    void namesKeyStoreAndLineOfWhatIsMissing() throws Exception {
        stores.bind(vault, 1, 1);
        assertThat(resolve(request(Auths.NOTHING.key("nobody").resolved())))
                .isEqualTo(new Missing("no credential 'nobody' (Outbound_SMTP_AUTH_Key at postern.conf:4): "
                        + "store vault: no entry 'nobody'"));
    }

    @Test
    void isUnavailableWhereStoresCannotSay() throws Exception {
        assertThat(resolve(request(Auths.NOTHING.key("relay").resolved())))
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

    @Test
    void asksTheStoreOfAReferenceAndNoOther() throws Exception {
        FakeStore first = new FakeStore("first").holds("relay", Auths.credential("wrong", "wrong"));
        stores.bind(first, 9, 1);
        stores.bind(vault, 1, 2);
        Ready ready = ready(Auths.NOTHING.passwordAt("vault", "relay"));
        assertThat(ready.identity().user()).isEqualTo("stored");
        assertThat(ready.identity().source()).isEqualTo("vault:relay");
        assertThat(password(ready)).isEqualTo(Secret.of("from-vault"));
        assertThat(first.calls).hasValue(0);
    }

    @Test
    void asksForAKeyInTheOrderThatTheScopeNames() throws Exception {
        FakeStore first = new FakeStore("first").holds("relay", Auths.credential("wrong", "wrong"));
        stores.bind(first, 9, 1);
        stores.bind(new FakeStore("empty"), 5, 2);
        stores.bind(vault, 1, 3);
        assertThat(ready(Auths.NOTHING.key("relay").stores("empty", "vault", "first"))
                        .identity()
                        .source())
                .isEqualTo("vault:relay");
        assertThat(missing(Auths.NOTHING.key("nobody").stores("empty", "vault")))
                .contains("store empty: no entry 'nobody'; store vault: no entry 'nobody'")
                .doesNotContain("first");
    }

    @Test
    void takesUserAndPasswordOfOneEntryFromOneAnswer() throws Exception {
        stores.bind(vault.holds("relay#password", Auths.credential("mailer", "pw")), 1, 1);
        Ready ready = ready(Auths.NOTHING.userAt("vault", "relay#user").passwordAt("vault", "relay#password"));
        assertThat(ready.identity().user()).isEqualTo("mailer");
        assertThat(vault.asked).extracting(CredentialRef::key).containsExactly("relay#password");
    }

    @Test
    void takesTheUserOfAReferenceWithAPasswordOfItsOwn() throws Exception {
        stores.bind(vault.holds("anonymous", Auths.credential("", "pw")), 1, 1);
        Ready ready = ready(Auths.NOTHING.userAt("vault", "relay").password("literal:vault:x"));
        assertThat(ready.identity().user()).isEqualTo("stored");
        assertThat(password(ready)).isEqualTo(Secret.of("vault:x"));
        assertThat(missing(Auths.NOTHING.userAt("vault", "anonymous").password("pw")))
                .isEqualTo("credential 'vault:anonymous' (Outbound_SMTP_AUTH_User at postern.conf:2) names no user");
    }

    @Test
    void namesTheReferenceItsLineAndTheStoresThatAreThere() throws Exception {
        assertThat(unavailable(Auths.NOTHING.passwordAt("jdbc", "accounts/relay-1")))
                .isEqualTo("no answer about credential 'jdbc:accounts/relay-1' (Outbound_SMTP_AUTH_Pass at"
                        + " postern.conf:3): store jdbc: is not installed; no store is");
        stores.bind(vault, 1, 1);
        assertThat(unavailable(Auths.NOTHING.passwordAt("jdbc", "accounts/relay-1")))
                .endsWith("store jdbc: is not installed; these are: vault");
        assertThat(missing(Auths.NOTHING.passwordAt("vault", "nobody")))
                .isEqualTo("no credential 'vault:nobody' (Outbound_SMTP_AUTH_Pass at postern.conf:3):"
                        + " store vault: no entry 'nobody'");
    }

    @ParameterizedTest
    @CsvSource({"'', is empty", "'a\nb', has a line end", "x, has more than 1024 characters"})
    void refusesAReferenceThatNamesNothing(String key, String wrong) throws Exception {
        String written = key.equals("x") ? "x".repeat(1_025) : key;
        assertThat(missing(Auths.NOTHING.passwordAt("vault", written)))
                .startsWith("Outbound_SMTP_AUTH_Pass at postern.conf:3 refers to the credential store vault with a key")
                .contains(wrong);
    }

    @Test
    void sendsNoPasswordThatBeginsWithTheNameOfAnInstalledStore() throws Exception {
        stores.bind(new FakeStore("CyberArk"), 1, 1);
        stores.unbind(1);
        assertThat(missing(Auths.NOTHING.user("alice").password("cyberark:relay")))
                .isEqualTo("Outbound_SMTP_AUTH_Pass at postern.conf:3 begins with 'cyberark:', which is the name of a"
                        + " credential store that Credential_Stores names nowhere: name it there if this is a reference,"
                        + " or write literal: before it if this is a password");
        assertThat(password(ready(Auths.NOTHING.user("alice").password("literal:cyberark:relay"))))
                .isEqualTo(Secret.of("cyberark:relay"));
    }

    @Test
    void tellsAStoreWhatItWantsToKnowOfTheMessageAndNoMore() throws Exception {
        vault.attributes = Set.of(LookupAttribute.DOMAIN);
        stores.bind(vault, 1, 1);
        Map<LookupAttribute, String> about = Map.of(
                LookupAttribute.DOMAIN, "a.example",
                LookupAttribute.BINDING, "b",
                LookupAttribute.SENDER, "s@example.org");
        Ready ready =
                (Ready) resolve(new CredentialRequest(Auths.NOTHING.key("relay").resolved(), about));
        assertThat(vault.asked)
                .containsExactly(new CredentialRef("relay", Map.of(LookupAttribute.DOMAIN, "a.example")));
        assertThat(ready.identity().source()).isEqualTo("vault:relay (DOMAIN=a.example)");
        assertThat(CredentialResolver.isFrom(ready.identity().source(), "relay"))
                .isTrue();
        assertThat(CredentialResolver.isFrom(ready.identity().source(), "lay")).isFalse();
    }

    @Test
    @DisplayName("C2-12: user and secret are of one store and one version, whatever the ranking becomes")
    void mixesNothingWhereTheRankingChanges() throws Exception {
        FakeStore other = new FakeStore("other").holds("relay", Auths.credential("another", "from-other"));
        stores.bind(vault, 5, 1);
        for (int i = 0; i < 5; i++) {
            Ready before = ready(Auths.NOTHING.key("relay"));
            assertThat(before.identity().user() + "/" + before.identity().source())
                    .isEqualTo("stored/vault:relay");
            assertThat(password(before)).isEqualTo(Secret.of("from-vault"));
            stores.bind(other, 9, 2);
            Ready after = ready(Auths.NOTHING.key("relay"));
            assertThat(after.identity().user() + "/" + after.identity().source())
                    .isEqualTo("another/other:relay");
            assertThat(password(after)).isEqualTo(Secret.of("from-other"));
            stores.unbind(2);
            stores.bind(new FakeStore("other"), 9, 2);
            await().until(() ->
                    ready(Auths.NOTHING.key("relay")).identity().source().equals("vault:relay"));
            stores.unbind(2);
        }
    }

    @Test
    void refusesACredentialThatHasExpiredAndSaysWhen() throws Exception {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        stores.bind(
                vault.holds(
                        "old",
                        new PasswordCredential(
                                "alice",
                                Secret.of("pw"),
                                new CredentialVersion("v1"),
                                Optional.empty(),
                                Set.of(),
                                Validity.until(yesterday))),
                1,
                1);
        assertThat(missing(Auths.NOTHING.key("old")))
                .isEqualTo("credential 'old' (Outbound_SMTP_AUTH_Key at postern.conf:4) of store vault expired at "
                        + yesterday + ": store a new one");
    }

    private static CredentialRequest request(ResolvedAuth auth) {
        return new CredentialRequest(auth, Map.of());
    }

    private Ready ready(Auths auths) throws Exception {
        return (Ready) resolve(request(auths.resolved()));
    }

    private String unavailable(Auths auths) throws Exception {
        return ((Unavailable) resolve(request(auths.resolved()))).reason();
    }

    private String missing(Auths auths) throws Exception {
        return ((Missing) resolve(request(auths.resolved()))).reason();
    }

    /** As mail does it: where it is told to wait it waits, and comes back. */
    private CredentialResult resolve(CredentialRequest request) throws Exception {
        try {
            return resolver.resolve(request);
        } catch (NotAnswered wait) {
            await().until(() -> !stores.isAsking(wait.question()));
            return resolve(new CredentialRequest(request.auth(), request.attributes(), Optional.of(wait.since())));
        }
    }

    private static Secret password(Ready ready) {
        return ((PasswordCredential) ready.credential()).password();
    }
}
