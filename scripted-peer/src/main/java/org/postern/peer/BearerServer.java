// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * XOAUTH2 and OAUTHBEARER (RFC 7628); an account's password is its token. A wrong one is told in JSON first, and refused
 * when the client has answered that as the mechanism demands.
 */
final class BearerServer implements ServerMechanism {

    private static final Pattern XOAUTH2 = Pattern.compile("user=([^\u0001]+)\u0001auth=Bearer ([!-~]+)\u0001\u0001");
    private static final Pattern OAUTHBEARER = Pattern.compile(
            "n,a=([^\u0001,]+),\u0001host=[^\u0001]+\u0001port=[0-9]+\u0001auth=Bearer ([!-~]+)\u0001\u0001");

    private final String name;
    private final Pattern message;
    private final String answerToError;

    private BearerServer(String name, Pattern message, String answerToError) {
        this.name = name;
        this.message = message;
        this.answerToError = answerToError;
    }

    static BearerServer xoauth2() {
        return new BearerServer("XOAUTH2", XOAUTH2, "");
    }

    static BearerServer oauthBearer() {
        return new BearerServer("OAUTHBEARER", OAUTHBEARER, "\u0001");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return new Run(accounts);
    }

    private final class Run implements Exchange {

        private final Accounts accounts;
        private boolean complained;

        Run(Accounts accounts) {
            this.accounts = accounts;
        }

        @Override
        public Verdict next(Optional<byte[]> response) {
            if (response.isEmpty()) {
                return new Verdict.Challenge(new byte[0]);
            }
            String text = new String(response.get(), StandardCharsets.UTF_8);
            if (complained) {
                return new Verdict.Denied(
                        text.equals(answerToError)
                                ? "535 5.7.8 authentication failed"
                                : "501 5.5.2 that is no answer to an error");
            }
            return judge(message.matcher(text));
        }

        private Verdict judge(Matcher fields) {
            if (!fields.matches()) {
                return new Verdict.Denied("501 5.5.2 that is no " + name + " message");
            }
            String user = fields.group(1).replace("=2C", ",").replace("=3D", "=");
            if (accounts.matches(user, fields.group(2).getBytes(StandardCharsets.US_ASCII))) {
                return new Verdict.Granted(user);
            }
            complained = true;
            return new Verdict.Challenge("{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}"
                    .getBytes(StandardCharsets.US_ASCII));
        }
    }
}
