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

/**
 * OAUTHBEARER (RFC 7628): a GS2 header, the peer that the token is meant for, and the token. The user stands where the
 * header has the authorization identity, unless another is asked for: servers read it as the mailbox.
 */
@Component
@Mechanism(name = OAuthBearerMechanism.NAME, revealsSecret = true, feeds = BearerToken.KIND)
@ServiceRanking(50)
public final class OAuthBearerMechanism implements SaslMechanism {

    static final String NAME = "OAUTHBEARER";

    /** RFC 7628 section 3.2.3: the error is acknowledged with a single ^A. */
    private static final byte[] ANSWER_TO_ERROR = {1};

    /** Has no settings. */
    @Activate
    public OAuthBearerMechanism() {}

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        BearerToken bearer = BearerMessage.tokenOf(credential, NAME);
        BearerMessage message = new BearerMessage(NAME);
        String user = message.name(bearer.user(), "user name");
        String identity = context.authorizationIdentity()
                .filter(asked -> !asked.isEmpty())
                .map(asked -> message.name(asked, "authorization identity"))
                .orElse(user);
        return message.text("n,a=" + saslName(identity) + ",")
                .endField()
                .text("host=" + context.host())
                .endField()
                .text("port=" + context.port())
                .endField()
                .exchange(bearer, ANSWER_TO_ERROR);
    }

    /** RFC 5801 section 4. */
    private static String saslName(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }
}
