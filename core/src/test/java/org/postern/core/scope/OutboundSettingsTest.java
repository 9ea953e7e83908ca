// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.postern.spi.policy.OutboundAuthSettings;

class OutboundSettingsTest {

    @Test
    void holdsEveryOptionOfAuthenticationAndNoNameTwice() {
        assertThat(OutboundSettings.all()).doesNotHaveDuplicates().containsAll(OutboundAuthSettings.all());
        assertThat(new OutboundVocabulary().settings()).isEqualTo(OutboundSettings.all());
    }
}
