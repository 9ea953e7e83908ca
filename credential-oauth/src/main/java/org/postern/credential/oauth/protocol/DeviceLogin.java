// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.device.DeviceCode;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/**
 * A login of a person in a browser elsewhere (RFC 8628): where to go and which code to type there.
 *
 * @param code what the provider knows this login by; a secret of a few minutes
 * @param userCode what the person types
 * @param place where
 * @param life how long the person has
 * @param interval how long to wait between two questions
 */
public record DeviceLogin(DeviceCode code, String userCode, URI place, Duration life, Duration interval) {

    private static final Duration LONGEST_LIFE = Duration.ofHours(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
    private static final Duration UNSTATED_INTERVAL = Duration.ofSeconds(5);

    /** What came of asking whether the person has logged in. */
    public sealed interface Poll {

        /**
         * Done. The receiver closes the refresh token.
         *
         * @param refreshToken what was given; nothing if the provider gives none
         */
        record Done(Optional<Secret> refreshToken) implements Poll {}

        /** Not yet. */
        record Pending() implements Poll {}

        /** Not yet, and asked too often: wait five seconds more each time from now on (section 3.5). */
        record SlowDown() implements Poll {}

        /** The provider cannot be asked just now. */
        record Failed(String reason) implements Poll {}

        /** It will not be. */
        record Refused(String reason) implements Poll {}
    }

    /**
     * Reads the answer to the request that begins a login.
     *
     * @param sent secrets of the request, which a provider may repeat in what it says
     * @throws ParseException if it is no answer, or a refusal; the text says what the provider said
     */
    static DeviceLogin read(HTTPResponse response, List<String> sent) throws ParseException {
        DeviceAuthorizationResponse answer = DeviceAuthorizationResponse.parse(response);
        if (!answer.indicatesSuccess()) {
            throw new ParseException(AnswerReader.said(answer.toErrorResponse().getErrorObject(), sent));
        }
        DeviceAuthorizationSuccessResponse login = answer.toSuccessResponse();
        URI place = Optional.ofNullable(login.getVerificationURIComplete()).orElse(login.getVerificationURI());
        return new DeviceLogin(
                login.getDeviceCode(),
                Printable.of(login.getUserCode().getValue()),
                place,
                bounded(login.getLifetime(), LONGEST_LIFE, LONGEST_LIFE),
                bounded(login.getInterval(), UNSTATED_INTERVAL, LONGEST_INTERVAL));
    }

    private static Duration bounded(long seconds, Duration unstated, Duration most) {
        return seconds <= 0 ? unstated : Duration.ofSeconds(Math.min(seconds, most.toSeconds()));
    }

    static Poll readPoll(HTTPResponse response, List<String> sent) throws ParseException {
        TokenResponse answer = TokenResponse.parse(response);
        if (answer.indicatesSuccess()) {
            return new Poll.Done(
                    Optional.ofNullable(answer.toSuccessResponse().getTokens().getRefreshToken())
                            .map(token -> Secret.of(token.getValue())));
        }
        var error = answer.toErrorResponse().getErrorObject();
        return switch (String.valueOf(error.getCode())) {
            case "authorization_pending" -> new Poll.Pending();
            case "slow_down" -> new Poll.SlowDown();
            case "access_denied", "authorization_declined" -> new Poll.Refused("the login was declined");
            case "expired_token" -> new Poll.Refused("the code has expired: begin again");
            default -> new Poll.Refused(AnswerReader.said(error, sent));
        };
    }

    /** The place only. */
    @Override
    public String toString() {
        return "DeviceLogin[" + place + "]";
    }
}
