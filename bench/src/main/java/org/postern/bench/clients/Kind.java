// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.clients;

/** The clients there are. */
public enum Kind {
    /** Postern's own. */
    POSTERN("Postern", PosternClient::new),
    /** Angus Mail. */
    ANGUS("Angus Mail", AngusClient::new),
    /** The mail client of Vert.x. */
    VERTX("Vert.x", VertxClient::new),
    /** Commons Net. */
    COMMONS_NET("Commons Net", CommonsNetClient::new);

    private final String title;
    private final Opener opener;

    Kind(String title, Opener opener) {
        this.title = title;
        this.opener = opener;
    }

    private interface Opener {
        MailClient open(int port, String user, String password) throws Exception;
    }

    /** What people call it. */
    public String title() {
        return title;
    }

    MailClient open(int port, String user, String password) throws Exception {
        return opener.open(port, user, password);
    }
}
