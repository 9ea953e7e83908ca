// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

/**
 * Listens to a session. What it is handed is safe to show: everything between AUTH and its final reply is replaced by its
 * size, and so is content. It is called on the session's thread, must be quick and must not throw.
 */
public interface WireTap {

    /** Hears nothing. */
    WireTap NONE = new WireTap() {
        @Override
        public void sent(String line) {}

        @Override
        public void received(String line) {}

        @Override
        public void note(String text) {}
    };

    /** A command line, without its end. */
    void sent(String line);

    /** A line of a reply, without its end, control characters made harmless. */
    void received(String line);

    /** Something that is no line, such as the outcome of a handshake. */
    void note(String text);
}
