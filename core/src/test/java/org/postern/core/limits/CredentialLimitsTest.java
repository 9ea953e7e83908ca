// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.RawValue;

class CredentialLimitsTest {

    private static CredentialLimits of(String... words) throws InvalidValueException {
        return CredentialLimits.of(OutboundAuthSettings.LIMITS
                .read(new RawValue.Array(List.of(words)))
                .orElseThrow());
    }

    private static List<String> rates(CredentialLimits limits) {
        return limits.rates().stream().map(Rate::toString).toList();
    }

    @Test
    void readsEveryKindOfLimit() throws Exception {
        CredentialLimits limits =
                of("sessions=3", "logins=10/m", "messages=500/h", "messages=2000/d", "recipients=14/s");
        assertThat(limits.sessions()).isEqualTo(OptionalLong.of(3));
        assertThat(rates(limits))
                .containsExactly("logins=10/m", "messages=500/h", "messages=2000/d", "recipients=14/s");
    }

    @Test
    void letsLaterWordsReplaceTheFiguresOfAProviderAndLeavesTheOthers() throws Exception {
        CredentialLimits limits = of("Microsoft365", "messages=20/m", "Logins=5/M");
        assertThat(limits.sessions()).isEqualTo(OptionalLong.of(3));
        assertThat(rates(limits)).containsExactly("messages=20/m", "recipients=10000/d", "logins=5/m");
    }

    @Test
    void liftsALimitByZero() throws Exception {
        CredentialLimits limits = of("gmail", "sessions=0", "messages=0/d", "recipients=0/d");
        assertThat(limits.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void knowsEveryProviderByTheWordThatTheOptionTakes(Provider provider) throws Exception {
        assertThat(provider.limits()).isNotEmpty();
        String word = provider.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        assertThat(of(word).isEmpty()).isFalse();
        assertThat(of(provider.limits().toArray(String[]::new))).isEqualTo(of(word));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gmial",
                "sessions",
                "sessions=",
                "sessions=-1",
                "sessions=3/m",
                "sessions=9999999",
                "messages=10",
                "messages=10/w",
                "messages=/d",
                "messages=10000000000/d",
                "gmail sessions=2",
                "bytes=3/m",
                "messages=10/d\u0000"
            })
    void refusesWhatIsNoLimitAndSaysWhichWord(String word) {
        assertThatThrownBy(() -> of("gmail", word))
                .isInstanceOf(InvalidValueException.class)
                .satisfies(wrong -> assertThat(wrong.getMessage())
                        .containsAnyOf("has '" + word + "', which is not", "control character"));
    }

    @Test
    void isCancelledByAnEmptyText() throws Exception {
        assertThat(OutboundAuthSettings.LIMITS.read(new RawValue.Scalar(""))).isEmpty();
    }
}
