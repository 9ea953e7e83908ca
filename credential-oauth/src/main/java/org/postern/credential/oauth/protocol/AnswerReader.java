// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.minidev.json.JSONObject;
import org.postern.credential.oauth.TokenAnswer;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/** Makes sense of what a token endpoint answers (RFC 6749 sections 5.1 and 5.2). */
final class AnswerReader {

    /** From this status on the provider is to blame. */
    static final int SERVER_ERRORS = 500;

    private static final Set<String> PASSING = Set.of("temporarily_unavailable", "server_error", "slow_down");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final int TOO_MANY_REQUESTS = 429;

    private static final long LONGEST_LIFE = Duration.ofDays(365).toSeconds();

    private AnswerReader() {}

    /**
     * Reads an answer.
     *
     * @param endpoint who answered
     * @param sent secrets of the request, which a provider may repeat in what it says
     */
    static TokenAnswer read(HTTPResponse response, URI endpoint, List<String> sent, Instant now) {
        try {
            return response.getStatusCode() == HTTPResponse.SC_OK
                    ? granted(response, endpoint)
                    : refused(response, endpoint, sent, now);
        } catch (ParseException unreadable) {
            return new TokenAnswer.Failed(notUnderstood(response, endpoint), retryAfter(response, now));
        }
    }

    private static TokenAnswer granted(HTTPResponse response, URI endpoint) throws ParseException {
        JSONObject json = response.getBodyAsJSONObject();
        if (!(json.get("token_type") instanceof String type) || !type.equalsIgnoreCase("bearer")) {
            return failed(endpoint, "gave a token that is no bearer token");
        }
        if (!(json.get("access_token") instanceof String token)
                || !TOKEN.matcher(token).matches()) {
            return failed(endpoint, "gave a token with characters that no token has");
        }
        Optional<Duration> life = life(json.get("expires_in"));
        if (life.filter(span -> span.isZero() || span.isNegative()).isPresent()) {
            return failed(endpoint, "gave a token that has ended already (expires_in)");
        }
        // What it makes of expires_in is not used: it knows neither zero nor what is absent.
        json.remove("expires_in");
        AccessTokenResponse granted = TokenResponse.parse(json).toSuccessResponse();
        RefreshToken refresh = granted.getTokens().getRefreshToken();
        return new TokenAnswer.Granted(
                Secret.of(token),
                life,
                Optional.ofNullable(refresh).map(RefreshToken::getValue).map(Secret::of));
    }

    /** A number, or a number as text, as some providers write it. */
    private static Optional<Duration> life(Object stated) throws ParseException {
        if (stated == null) {
            return Optional.empty();
        }
        try {
            BigDecimal seconds = new BigDecimal(String.valueOf(stated));
            BigDecimal most = BigDecimal.valueOf(LONGEST_LIFE);
            return Optional.of(
                    Duration.ofSeconds(seconds.min(most).max(most.negate()).longValue()));
        } catch (NumberFormatException odd) {
            throw new ParseException("expires_in is no number");
        }
    }

    private static TokenAnswer refused(HTTPResponse response, URI endpoint, List<String> sent, Instant now)
            throws ParseException {
        int status = response.getStatusCode();
        if (status == TOO_MANY_REQUESTS || status >= SERVER_ERRORS) {
            return new TokenAnswer.Failed(
                    endpoint.getHost() + " answered with status " + status, retryAfter(response, now));
        }
        if (status / 100 != 4) {
            return new TokenAnswer.Failed(
                    endpoint.getHost() + " answered with status " + status
                            + (status / 100 == 3 ? ", a redirect, which is not followed" : ""),
                    retryAfter(response, now));
        }
        ErrorObject error = TokenResponse.parse(response).toErrorResponse().getErrorObject();
        if (error == null || error.getCode() == null) {
            throw new ParseException("no error code");
        }
        String reason = endpoint.getHost() + " refuses a token: " + said(error, sent);
        return PASSING.contains(error.getCode())
                ? new TokenAnswer.Failed(reason, retryAfter(response, now))
                : new TokenAnswer.Refused(error.getCode(), reason);
    }

    /** The error as it may be shown, whatever of the request the provider repeats in it. */
    static String said(ErrorObject error, List<String> sent) {
        String description = error.getDescription() == null ? "" : " (" + error.getDescription() + ")";
        return Printable.of(Echo.redacted(error.getCode() + description, sent));
    }

    private static TokenAnswer failed(URI endpoint, String what) {
        return new TokenAnswer.Failed(endpoint.getHost() + " " + what, Optional.empty());
    }

    private static String notUnderstood(HTTPResponse response, URI endpoint) {
        String type = Optional.ofNullable(response.getEntityContentType())
                .map(Object::toString)
                .orElse("no content type");
        return endpoint.getHost() + " answered with status " + response.getStatusCode()
                + " and something that is no token response (" + Printable.of(type) + ", "
                + Optional.ofNullable(response.getBody()).map(String::length).orElse(0) + " characters)";
    }

    /** Seconds or a date (RFC 9110 section 10.2.3). */
    static Optional<Duration> retryAfter(HTTPResponse response, Instant now) {
        String value = response.getHeaderValue("Retry-After");
        if (value == null) {
            return Optional.empty();
        }
        try {
            Duration wait = value.strip().matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value.strip()))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return Optional.of(wait).filter(span -> !span.isNegative());
        } catch (DateTimeParseException odd) {
            return Optional.empty();
        }
    }
}
