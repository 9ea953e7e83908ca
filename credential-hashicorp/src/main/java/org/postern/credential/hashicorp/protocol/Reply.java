// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

/** What became of a request. Reasons are one line for people, without secrets. */
sealed interface Reply {

    /**
     * The server did as it was asked.
     *
     * @param body what it answered; empty where there was no body
     */
    record Done(JsonObject body) implements Reply {}

    /**
     * The server works and says no.
     *
     * @param status 4xx
     * @param body with its words
     */
    record Refused(int status, JsonObject body) implements Reply {

        /** The server's own words, on one line; empty where there are none. */
        String words() {
            return String.join("; ", body.texts("errors"));
        }
    }

    /** This request failed; others may not. */
    record Failed(String reason) implements Reply {}

    /** The server cannot be asked anything now. */
    record Unavailable(String reason) implements Reply {}
}
