// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

/**
 * One thing that a new configuration changed.
 *
 * @param place the scope or stanza
 * @param setting the option
 * @param before what held, for people, secrets masked
 * @param after what holds now, for people, secrets masked
 */
public record Change(String place, String setting, String before, String after) {

    @Override
    public String toString() {
        return place + ": " + setting + ": " + before + " -> " + after;
    }
}
