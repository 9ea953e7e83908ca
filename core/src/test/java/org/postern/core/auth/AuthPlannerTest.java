// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.postern.core.cluster.Cluster;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.ChannelBindingMechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.TlsEvidence;

class AuthPlannerTest {

    private static final InstalledMechanism SCRAM = mechanism("SCRAM-SHA-256", 100, false, "password");
    private static final InstalledMechanism XOAUTH2 = mechanism("XOAUTH2", 50, true, "bearer");
    private static final InstalledMechanism PLAIN = mechanism("PLAIN", 10, true, "password");
    private static final InstalledMechanism LOGIN = mechanism("LOGIN", 5, true, "password");
    private static final List<InstalledMechanism> INSTALLED = List.of(SCRAM, XOAUTH2, PLAIN, LOGIN);

    private final MechanismRegistry registry = new MechanismRegistry();
    private final DowngradeMemory memory = new DowngradeMemory(Clock.systemUTC(), Optional.empty(), Cluster.alone());
    private final AuthPlanner planner = new AuthPlanner(new DisclosureGuard(), registry, memory);
    private final Auths auth = Auths.NOTHING.user("alice").password("pw");
    private Credential credential = Auths.credential("alice", "pw");

    @Test
    void plansNothingWhereNothingIsSaid() {
        assertThat(planner.plan(Auths.NOTHING.resolved())).isInstanceOf(AuthPlan.NoAuth.class);
    }

    @Test
    void neverTakesAnIncompleteConfigurationForNone() {
        for (Auths half :
                List.of(Auths.NOTHING.user("alice"), Auths.NOTHING.password("pw"), Auths.NOTHING.type("PLAIN"))) {
            assertThat(planner.plan(half.resolved())).isInstanceOf(AuthPlan.Refuse.class);
        }
        assertThat(planner.plan(Auths.NOTHING.key("relay").resolved())).isInstanceOf(AuthPlan.Authenticate.class);
    }

    @Test
    void wantsNoSecretWhereEveryNamedMechanismDoesWithout() {
        registry.bind(mechanism("EXTERNAL", 110, false, "identity"), (context, given) -> null);
        registry.bind(PLAIN, (context, given) -> null);
        assertThat(planner.plan(Auths.NOTHING.type("EXTERNAL").resolved())).isInstanceOf(AuthPlan.Authenticate.class);
        assertThat(planner.plan(Auths.NOTHING.type("EXTERNAL", "PLAIN").resolved()))
                .isInstanceOf(AuthPlan.Refuse.class);
        assertThat(planner.plan(Auths.NOTHING.user("alice").resolved())).isInstanceOf(AuthPlan.Refuse.class);
    }

    @Test
    void refusesWhatIsNoNameOfAMechanism() {
        assertThat(planner.plan(auth.type("PLAIN\r\nMAIL").resolved()))
                .isEqualTo(new AuthPlan.Refuse("Outbound_SMTP_AUTH_Type at postern.conf:1 names 'PLAIN MAIL', "
                        + "which is no name of a mechanism"));
    }

    @Test
    void takesTheStrongestThatPeerBundlesAndCredentialShare() {
        assertThat(names(auth, "LOGIN", "plain", "XOAUTH2", "Scram-Sha-256"))
                .containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(names(auth, "LOGIN", "PLAIN")).containsExactly("PLAIN", "LOGIN");
    }

    @Test
    void followsTheConfiguredOrder() {
        assertThat(names(auth.type("LOGIN", "SCRAM-SHA-256"), "LOGIN", "PLAIN", "SCRAM-SHA-256"))
                .containsExactly("LOGIN", "SCRAM-SHA-256");
    }

    @Test
    void isRestrictedByTheMechanismThatTheCredentialNames() {
        credential = new PasswordCredential(
                "alice", Secret.of("pw"), new CredentialVersion("1"), Optional.of("login"), Set.of());
        assertThat(names(auth, "LOGIN", "PLAIN")).containsExactly("LOGIN");
        assertThat(explanation(auth, verified(), "PLAIN")).contains("PLAIN (the credential asks for LOGIN)");
    }

    @Test
    void explainsInFourColumnsWhyThereIsNone() {
        assertThat(explanation(auth.type("LOGIN"), verified(), "PLAIN", "XOAUTH2", "CRAM-MD5"))
                .isEqualTo("no usable mechanism: offered by the peer: CRAM-MD5, PLAIN, XOAUTH2; "
                        + "installed here: SCRAM-SHA-256, XOAUTH2, PLAIN, LOGIN; "
                        + "removed by policy: XOAUTH2 (Outbound_SMTP_AUTH_Type at postern.conf:1 allows only LOGIN), "
                        + "PLAIN (Outbound_SMTP_AUTH_Type at postern.conf:1 allows only LOGIN); "
                        + "cannot be fed by this credential: XOAUTH2 (needs bearer, has password)");
    }

    @Test
    void explainsAnEmptyOffer() {
        assertThat(explanation(auth, verified()))
                .contains("offered by the peer: none", "removed by policy: none", "by this credential: none");
    }

    @Test
    void leavesOutWhatWouldShowTheSecretUnsafely() {
        assertThat(names(auth, clear(), "PLAIN", "SCRAM-SHA-256")).containsExactly("SCRAM-SHA-256");
        assertThat(explanation(auth, clear(), "PLAIN"))
                .contains(
                        "PLAIN (PLAIN shows the secret", "not under TLS", "Outbound_SMTP_AUTH_Allow_Cleartext = true");
        assertThat(names(auth.allowCleartext(), clear(), "PLAIN")).containsExactly("PLAIN");
    }

    @Test
    void saysWhichBundleAPinnedScopeWaitsFor() {
        assertThat(explanation(auth.type("CRAM-MD5", "X-OWN"), verified(), "PLAIN", "CRAM-MD5"))
                .endsWith("; waiting for the bundle of CRAM-MD5, X-OWN, which "
                        + "Outbound_SMTP_AUTH_Type at postern.conf:1 names");
    }

    @Test
    void explainsWhyOneWasChosenAndNoOther() {
        assertThat(choose(auth, clear(), "PLAIN", "SCRAM-SHA-256", "XOAUTH2", "CRAM-MD5")
                        .explanation())
                .startsWith("SCRAM-SHA-256, the strongest, as Outbound_SMTP_AUTH_Type is not set; "
                        + "usable: SCRAM-SHA-256; not used: ")
                .contains(
                        "PLAIN (PLAIN shows the secret",
                        "LOGIN (not offered by the peer)",
                        "CRAM-MD5 (not installed here)");
        assertThat(choose(auth.type("PLAIN", "LOGIN"), verified(), "PLAIN", "LOGIN", "SCRAM-SHA-256")
                        .explanation())
                .isEqualTo("PLAIN, the first of Outbound_SMTP_AUTH_Type at postern.conf:1; usable: PLAIN, LOGIN; "
                        + "not used: SCRAM-SHA-256 (Outbound_SMTP_AUTH_Type at postern.conf:1 allows only PLAIN LOGIN), "
                        + "XOAUTH2 (not offered by the peer)");
    }

    @Test
    void asksAMechanismWhetherItCanBindToTheSession() {
        InstalledMechanism plus = mechanism("SCRAM-SHA-256-PLUS", 110, false, "password");
        List<InstalledMechanism> installed = List.of(plus, SCRAM);
        registry.bind(plus, new Binds(tls -> tls.channelBinding("tls-exporter").isPresent()));
        TlsEvidence bindable = new TlsEvidence(
                "TLSv1.3",
                "X",
                List.of(),
                true,
                "ok",
                List.of(),
                Map.of("tls-exporter", Octets.utf8("of this session")));
        String[] offered = {"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"};
        assertThat(best(installed, channel(Optional.of(bindable)), offered)).isEqualTo("SCRAM-SHA-256-PLUS");
        assertThat(best(installed, verified(), offered)).isEqualTo("SCRAM-SHA-256");
        assertThat(best(installed, clear(), offered)).isEqualTo("SCRAM-SHA-256");
        assertThat(choose(installed, clear(), "SCRAM-SHA-256-PLUS").explanation())
                .contains("removed by policy: SCRAM-SHA-256-PLUS (this session has no channel binding");
    }

    @Test
    void takesAMechanismThatFailsAtTheQuestionForOneThatCannotBind() {
        InstalledMechanism broken = mechanism("SCRAM-SHA-256-PLUS", 110, false, "password");
        registry.bind(broken, new Binds(tls -> {
            throw new IllegalStateException("a bug");
        }));
        assertThat(best(List.of(broken, SCRAM), verified(), "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"))
                .isEqualTo("SCRAM-SHA-256");
    }

    /** A mechanism that is asked and never opened. */
    private record Binds(Predicate<TlsEvidence> answer) implements ChannelBindingMechanism {

        @Override
        public boolean canBind(TlsEvidence tls) {
            return answer.test(tls);
        }

        @Override
        public SaslExchange open(SaslContext context, Credential credential) {
            throw new AssertionError("planning opens nothing");
        }
    }

    private String best(List<InstalledMechanism> installed, Channel channel, String... offered) {
        return ((MechanismChoice.Usable) choose(installed, channel, offered))
                .best()
                .name();
    }

    private MechanismChoice choose(List<InstalledMechanism> installed, Channel channel, String... offered) {
        return planner.choose(new AuthPlan.Authenticate(auth.resolved()), ready(), Set.of(offered), channel, installed);
    }

    private CredentialResult.Ready ready() {
        return new CredentialResult.Ready(
                new AuthIdentity(credential.user(), Optional.empty(), "postern.conf", credential.version()),
                credential);
    }

    private void hasWorked(InstalledMechanism mechanism) {
        memory.worked(ready().identity(), verified().endpoint(), mechanism);
    }

    @Test
    void refusesAHostThatTookMoreThanItNowOffers() {
        assertThat(choose(auth, verified(), "PLAIN", "LOGIN")).isInstanceOf(MechanismChoice.Usable.class);
        hasWorked(SCRAM);
        assertThat(choose(auth, verified(), "PLAIN", "LOGIN"))
                .isInstanceOfSatisfying(MechanismChoice.Weaker.class, weaker -> {
                    assertThat(weaker.byPeer()).isTrue();
                    assertThat(weaker.explanation())
                            .contains(
                                    "mx.example:587 took SCRAM-SHA-256 for 'alice' since",
                                    "only what shows the secret: PLAIN, LOGIN",
                                    "'postern downgrades accept mx.example:587'");
                });
        assertThat(choose(auth, verified(), "PLAIN", "SCRAM-SHA-256")).isInstanceOf(MechanismChoice.Usable.class);
        assertThat(choose(auth, verified())).isInstanceOf(MechanismChoice.NoneUsable.class);
    }

    @Test
    void remembersNothingOfWhatShowsTheSecretAnyway() {
        hasWorked(PLAIN);
        assertThat(choose(auth, verified(), "LOGIN")).isInstanceOf(MechanismChoice.Usable.class);
    }

    @Test
    void takesAConfigurationThatNamesOnlyTheWeakerForTheOperatorsWord() {
        hasWorked(SCRAM);
        assertThat(choose(auth.type("PLAIN"), verified(), "PLAIN")).isInstanceOf(MechanismChoice.Usable.class);
        assertThat(choose(auth.type("PLAIN", "SCRAM-SHA-256"), verified(), "PLAIN"))
                .isInstanceOf(MechanismChoice.Usable.class);
        assertThat(choose(auth.type("SCRAM-SHA-256", "PLAIN"), verified(), "PLAIN"))
                .isInstanceOf(MechanismChoice.Weaker.class);
    }

    @Test
    void takesACredentialOfAnotherKindForTheOperatorsWord() {
        hasWorked(SCRAM);
        credential =
                new BearerToken("alice", Secret.of("token"), new CredentialVersion("1"), Optional.empty(), Set.of());
        assertThat(choose(auth, verified(), "XOAUTH2")).isInstanceOf(MechanismChoice.Usable.class);
    }

    @Test
    void doesNotBlameThePeerForAMechanismThatIsMissingHere() {
        hasWorked(mechanism("X-PROOF", 100, false, "password"));
        assertThat(choose(auth, verified(), "PLAIN", "X-PROOF"))
                .isInstanceOfSatisfying(
                        MechanismChoice.Weaker.class,
                        weaker -> assertThat(weaker.byPeer()).isFalse());
    }

    @Test
    void blamesThePeerForWhatItOffersAndMakesImpossible() {
        InstalledMechanism plus = mechanism("SCRAM-SHA-256-PLUS", 110, false, "password");
        registry.bind(plus, new Binds(tls -> false));
        hasWorked(plus);
        assertThat(choose(List.of(plus, PLAIN), verified(), "SCRAM-SHA-256-PLUS", "PLAIN"))
                .isInstanceOfSatisfying(
                        MechanismChoice.Weaker.class,
                        weaker -> assertThat(weaker.byPeer()).isTrue());
    }

    private List<String> names(Auths auths, String... offered) {
        return names(auths, verified(), offered);
    }

    private List<String> names(Auths auths, Channel channel, String... offered) {
        return ((MechanismChoice.Usable) choose(auths, channel, offered))
                .mechanisms().stream().map(InstalledMechanism::name).toList();
    }

    private String explanation(Auths auths, Channel channel, String... offered) {
        return ((MechanismChoice.NoneUsable) choose(auths, channel, offered)).explanation();
    }

    private MechanismChoice choose(Auths auths, Channel channel, String... offered) {
        return planner.choose(
                new AuthPlan.Authenticate(auths.resolved()), ready(), Set.of(offered), channel, INSTALLED);
    }

    private static Channel verified() {
        return channel(Optional.of(new TlsEvidence("TLSv1.3", "TLS_AES_128_GCM_SHA256", List.of(), true, "ok")));
    }

    private static Channel clear() {
        return channel(Optional.empty());
    }

    private static Channel channel(Optional<TlsEvidence> tls) {
        try {
            byte[] address = {(byte) 192, 0, 2, 1};
            return new Channel(new Endpoint("mx.example", 587), InetAddress.getByAddress(address), tls);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static InstalledMechanism mechanism(String name, int ranking, boolean reveals, String kind) {
        return new InstalledMechanism(name, ranking, reveals, Set.of(kind), "test 1.0.0", ranking);
    }
}
