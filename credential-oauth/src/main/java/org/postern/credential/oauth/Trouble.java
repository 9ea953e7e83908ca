// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Instant;

/** Why an account has no new token, and when it may be tried again. */
sealed interface Trouble {

    /** There is none. */
    record None() implements Trouble {}

    /**
     * Somebody fails; all is tried again at some moment.
     *
     * @param reason one line for people, without secrets
     * @param failures in a row before this one
     * @param until that moment
     * @param who fails
     */
    record Pause(String reason, int failures, Instant until, Who who) implements Trouble {}

    /**
     * Somebody has to do something: the provider is not asked again before a secret of the account changes.
     *
     * @param reason one line for people, without secrets
     * @param versions of the secrets that do not do
     * @param nextLook when it is looked at whether they have changed
     */
    record Stuck(String reason, String versions, Instant nextLook) implements Trouble {}

    /** Who fails. */
    enum Who {
        /** The identity provider, which is to be left alone. */
        PROVIDER,
        /** A store of secrets, which says itself when there is something new. */
        STORE
    }

    /** Whether nothing is to be tried now. */
    default boolean isPausing(Instant now) {
        return switch (this) {
            case None none -> false;
            case Pause pause -> now.isBefore(pause.until());
            case Stuck stuck -> now.isBefore(stuck.nextLook());
        };
    }

    /** The same after a store has told of a change: what waited for one waits no longer. */
    default Trouble afterChange(Instant now) {
        return switch (this) {
            case None none -> none;
            case Pause pause ->
                pause.who() == Who.STORE ? new Pause(pause.reason(), pause.failures(), now, pause.who()) : pause;
            case Stuck stuck -> new Stuck(stuck.reason(), stuck.versions(), now);
        };
    }
}
