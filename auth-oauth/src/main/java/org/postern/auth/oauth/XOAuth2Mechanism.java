// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.oauth;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;

/** XOAUTH2, as Google and Microsoft document it: the mailbox and the token. There is no authorization identity beside it. */
@Component
@Mechanism(name = XOAuth2Mechanism.NAME, revealsSecret = true, feeds = BearerToken.KIND)
@ServiceRanking(45)
public final class XOAuth2Mechanism implements SaslMechanism {

    static final String NAME = "XOAUTH2";

    /** An empty line is what the servers wait for after the error. */
    private static final byte[] ANSWER_TO_ERROR = {};

    /** Has no settings. */
    @Activate
    public XOAuth2Mechanism() {}

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        BearerToken bearer = BearerMessage.tokenOf(credential, NAME);
        if (context.authorizationIdentity()
                .filter(identity -> !identity.isEmpty())
                .isPresent()) {
            throw new IllegalArgumentException(
                    "XOAUTH2 cannot carry an authorization identity: its user is the mailbox that is used");
        }
        BearerMessage message = new BearerMessage(NAME);
        return message.text("user=" + message.name(bearer.user(), "user name"))
                .endField()
                .exchange(bearer, ANSWER_TO_ERROR);
    }
}
