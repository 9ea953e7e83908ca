// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.LookupAttribute;

class SecretPathTest {

    private static final Map<LookupAttribute, String> MESSAGE = Map.of(
            LookupAttribute.BINDING_GROUP, "bulk",
            LookupAttribute.BINDING, "b1",
            LookupAttribute.DOMAIN, "example.com",
            LookupAttribute.SENDER, "alice@example.org");

    private static String of(String template, String key, LookupAttribute... inKeys) {
        return switch (new SecretPath(template, Set.of(inKeys)).of(new CredentialRef(key, MESSAGE))) {
            case SecretPath.Place.Found found ->
                found.path() + found.field().map(name -> " " + name).orElse("");
            case SecretPath.Place.None none -> "none: " + none.reason();
        };
    }

    @Test
    void isTheKeyWhereNothingElseIsSaid() {
        assertThat(of("{key}", "secret/smtp/relay-1")).isEqualTo("secret/smtp/relay-1");
    }

    @Test
    void takesTheFieldFromBehindTheHash() {
        assertThat(of("secret/{key}", "smtp/relay-1#smtp_pass")).isEqualTo("secret/smtp/relay-1 smtp_pass");
        assertThat(of("{key}", "smtp/relay-1#")).startsWith("none: ").contains("names no field");
    }

    @Test
    void putsInWhatTheMessageHas() {
        assertThat(of("secret/{binding_group}/{binding}/{domain}/{sender}/{key}", "k"))
                .isEqualTo("secret/bulk/b1/example.com/alice@example.org/k");
        assertThat(of("secret/smtp/{domain}", "whatever")).isEqualTo("secret/smtp/example.com");
    }

    @Test
    void letsKeysNameWhatIsAllowedInThem() {
        assertThat(of("{key}", "smtp/{binding}/{domain}", LookupAttribute.BINDING, LookupAttribute.DOMAIN))
                .isEqualTo("smtp/b1/example.com");
        assertThat(of("{key}", "smtp/{domain}")).startsWith("none: ").contains("Key_Variables");
    }

    @Test
    void wantsToKnowNoMoreThanIsNamed() {
        assertThat(new SecretPath("{key}", Set.of()).attributes()).isEmpty();
        assertThat(new SecretPath("s/{domain}/{key}", Set.of(LookupAttribute.BINDING)).attributes())
                .containsExactlyInAnyOrder(LookupAttribute.DOMAIN, LookupAttribute.BINDING);
    }

    @Test
    void saysWhichPartOfTheMessageIsMissing() {
        SecretPath path = new SecretPath("secret/{binding_group}/{key}", Set.of());
        assertThat(path.of(new CredentialRef("k")))
                .isEqualTo(
                        new SecretPath.Place.None("the path needs the binding group of the message, and it has none"));
    }

    @Test
    void takesNothingOfAMessageForMoreThanOnePart() {
        for (String sender : new String[] {"../../sys/raw", "a/b", "..", ".", "", "x\0", "{key}", "a\r\nb"}) {
            SecretPath path = new SecretPath("secret/{sender}", Set.of());
            SecretPath.Place place = path.of(new CredentialRef("k", Map.of(LookupAttribute.SENDER, sender)));
            if (sender.equals("{key}")) {
                assertThat(place).isEqualTo(new SecretPath.Place.Found("secret/{key}", java.util.Optional.empty()));
            } else {
                assertThat(place).as(sender).isInstanceOf(SecretPath.Place.None.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a//b", "a/", "/a", "a/../b", "..", "a/./b", "a\nb", "a\0"})
    void refusesKeysThatAServerMightReadInAnotherWay(String key) {
        assertThat(of("secret/{key}", key)).startsWith("none: ");
    }

    @Test
    void refusesATemplateWithAnUnknownName() {
        assertThatThrownBy(() -> new SecretPath("secret/{recipient}", Set.of()))
                .hasMessageContaining("{recipient}")
                .hasMessageContaining("{sender}");
    }
}
