// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

/** A command that is answered with this reply and has no effect. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    RefusedException(Reply reply) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
    }

    RefusedException(int code, String status, String text) {
        this(Reply.of(code, status, text));
    }

    Reply reply() {
        return reply;
    }
}
