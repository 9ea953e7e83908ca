// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_CLEARTEXT;
import static org.postern.spi.policy.OutboundAuthSettings.AUTHZID;
import static org.postern.spi.policy.OutboundAuthSettings.CREDENTIAL_STORES;
import static org.postern.spi.policy.OutboundAuthSettings.INITIAL_RESPONSE;
import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.TYPE;
import static org.postern.spi.policy.OutboundAuthSettings.USER;
import static org.postern.spi.settings.ScopePath.GLOBAL;
import static org.postern.spi.settings.ScopePath.ofBinding;
import static org.postern.spi.settings.ScopePath.ofDomain;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.policy.StoreUse;

class AuthResolutionTest {

    private final Written written = new Written();

    @Test
    void appliesToNothingByDefault() {
        assertThat(resolve(Map.of()).applies()).isFalse();
    }

    @Test
    void takesUserAndPasswordFromDifferentScopes() {
        written.set(GLOBAL, PASS, "secret").set(ofDomain("a.example"), USER, "alice");
        ResolvedAuth auth = resolve(Map.of());
        assertThat(auth.user()).contains("alice");
        assertThat(auth.password()).contains(Secret.of("secret"));
        assertThat(auth.userOrigin()).hasToString("Optional[postern.conf:2:1]");
        assertThat(auth.passwordOrigin()).hasToString("Optional[postern.conf:1:1]");
    }

    @Test
    void letsTheContextOverrideEachOptionByItself() {
        written.set(GLOBAL, USER, "from-file").set(GLOBAL, PASS, "kept").set(GLOBAL, TYPE, "LOGIN");
        ResolvedAuth auth = resolve(Map.of("outbound_smtp_auth_user", "from-hook", "outbound_smtp_auth_type", "plain"));
        assertThat(auth.user()).contains("from-hook");
        assertThat(auth.userOrigin()).contains(AuthResolution.CONTEXT);
        assertThat(auth.password()).contains(Secret.of("kept"));
        assertThat(auth.mechanisms()).containsExactly("PLAIN");
    }

    @Test
    void ignoresVariablesThatAreNotNamedInLowerCase() {
        assertThat(resolve(Map.of("Outbound_SMTP_AUTH_User", "alice")).applies())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "false", "FALSE"})
    void letsAnEmptyVariableCancelTheOption(String nothing) {
        written.set(GLOBAL, USER, "u")
                .set(GLOBAL, PASS, "p")
                .set(GLOBAL, KEY, "k")
                .set(GLOBAL, TYPE, "PLAIN");
        ResolvedAuth auth = resolve(Map.of(
                "outbound_smtp_auth_user", nothing,
                "outbound_smtp_auth_pass", nothing,
                "outbound_smtp_auth_key", nothing,
                "outbound_smtp_auth_type", nothing));
        assertThat(auth.applies()).isFalse();
        assertThat(auth.userOrigin()).isEmpty();
    }

    @Test
    void letsANarrowScopeCancelABroadOne() {
        written.set(GLOBAL, USER, "u").set(ofBinding("b"), USER, "false");
        assertThat(resolve(Map.of()).applies()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scram-sha-256 plain", "SCRAM-SHA-256,PLAIN", " Scram-Sha-256 ,\tplain PLAIN "})
    void readsSeveralMechanismsFromOneText(String text) {
        assertThat(resolve(Map.of("outbound_smtp_auth_type", text)).mechanisms())
                .containsExactly("SCRAM-SHA-256", "PLAIN");
    }

    @Test
    void keepsEveryCharacterOfAPassword() {
        String awkward = " \\ \" # : ' ü 🔑 \t false";
        assertThat(resolve(Map.of("outbound_smtp_auth_pass", awkward)).password())
                .contains(Secret.of(awkward));
    }

    @Test
    void givesLeaveOnlyForAValueThatReadsAsLeave() {
        written.set(GLOBAL, ALLOW_CLEARTEXT, "true").set(GLOBAL, AUTHZID, "shared");
        assertThat(resolve(Map.of()).allowCleartext()).isTrue();
        assertThat(resolve(Map.of()).allowUnverifiedTls()).isFalse();
        assertThat(resolve(Map.of("outbound_smtp_auth_allow_cleartext", "perhaps"))
                        .allowCleartext())
                .isFalse();
        assertThat(resolve(Map.of()).authorization()).contains("shared");
    }

    @Test
    void sendsAnInitialResponseAsTheScopesOrTheContextSay() {
        assertThat(resolve(Map.of()).initialResponse()).isEqualTo(InitialResponse.AUTO);
        written.set(GLOBAL, INITIAL_RESPONSE, "Never");
        assertThat(resolve(Map.of()).initialResponse()).isEqualTo(InitialResponse.NEVER);
        assertThat(resolve(Map.of("outbound_smtp_auth_initial_response", "ALWAYS"))
                        .initialResponse())
                .isEqualTo(InitialResponse.ALWAYS);
        assertThat(resolve(Map.of("outbound_smtp_auth_initial_response", "perhaps"))
                        .initialResponse())
                .isEqualTo(InitialResponse.AUTO);
    }

    @Test
    void takesUserAndPasswordForReferencesWhereTheyAre() {
        written.set(GLOBAL, USER, "vault:relay").set(GLOBAL, PASS, "vault:relay");
        ResolvedAuth auth = resolve(Map.of());
        assertThat(auth.user()).isEmpty();
        assertThat(auth.password()).isEmpty();
        assertThat(auth.stores().user()).contains(new StoreReference("vault", "relay"));
        assertThat(auth.stores().password()).contains(new StoreReference("vault", "relay"));
        assertThat(auth.applies()).isTrue();
        assertThat(auth.passwordOrigin()).hasToString("Optional[postern.conf:2:1]");
    }

    @Test
    void takesALiteralForWhatItIs() {
        written.set(GLOBAL, USER, "literal:vault:relay").set(GLOBAL, PASS, "user:pass");
        ResolvedAuth auth = resolve(Map.of());
        assertThat(auth.user()).contains("vault:relay");
        assertThat(auth.password()).contains(Secret.of("user:pass"));
        assertThat(auth.stores()).isEqualTo(StoreUse.DEFAULT);
    }

    @Test
    void letsAnyScopeNameAStoreForReferencesOfAll() {
        written.set(GLOBAL, PASS, "cyberark:relay");
        assertThat(resolve(Map.of()).password()).contains(Secret.of("cyberark:relay"));
        written.set(ofDomain("elsewhere.example"), CREDENTIAL_STORES, "CyberArk");
        assertThat(resolve(Map.of()).stores().password()).contains(new StoreReference("cyberark", "relay"));
        assertThat(resolve(Map.of()).stores().order()).isEmpty();
    }

    @Test
    void letsAHookGiveAReferenceAndTheStores() {
        written.set(GLOBAL, USER, "alice").set(GLOBAL, CREDENTIAL_STORES, "vault");
        ResolvedAuth auth = resolve(Map.of(
                "outbound_smtp_auth_pass", "tenants:acme",
                "credential_stores", "tenants, vault"));
        assertThat(auth.stores().password()).contains(new StoreReference("tenants", "acme"));
        assertThat(auth.stores().order()).containsExactly("tenants", "vault");
    }

    @Test
    void printsNoPassword() {
        written.set(GLOBAL, PASS, "canary-3141");
        assertThat(resolve(Map.of()).toString()).doesNotContain("canary-3141");
        Resolution resolution = resolution();
        assertThat(resolution.get(PASS).toString() + resolution.chain(PASS)).doesNotContain("canary-3141");
    }

    private ResolvedAuth resolve(Map<String, String> context) {
        return new AuthResolution().resolve(resolution(), context);
    }

    private Resolution resolution() {
        return new ScopeResolver()
                .resolve(written.read(), new Binding(BindingGroup.DEFAULT, "b"), RoutingDomain.of("a.example"));
    }
}
