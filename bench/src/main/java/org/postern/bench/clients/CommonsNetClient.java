// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.clients;

import java.io.IOException;
import java.io.Writer;
import java.security.GeneralSecurityException;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient;

/** Commons Net, which takes the message as it is and adds the dots. */
final class CommonsNetClient implements MailClient {

    private final AuthenticatingSMTPClient client = new AuthenticatingSMTPClient();

    CommonsNetClient(int port, String user, String password) throws IOException, GeneralSecurityException {
        client.connect("127.0.0.1", port);
        client.setTcpNoDelay(true);
        require(client.elogin("load.example"));
        require(client.auth(AuthenticatingSMTPClient.AUTH_METHOD.PLAIN, user, password));
    }

    @Override
    public void send(String recipient) throws IOException {
        require(client.setSender(Letter.SENDER));
        require(client.addRecipient(recipient));
        try (Writer content = client.sendMessageData()) {
            if (content == null) {
                throw refused();
            }
            content.write(Letter.whole(recipient));
        }
        require(client.completePendingCommand());
    }

    private void require(boolean done) throws IOException {
        if (!done) {
            throw refused();
        }
    }

    private IOException refused() {
        return new IOException("refused: " + client.getReplyString());
    }

    @Override
    public void close() throws IOException {
        client.logout();
        client.disconnect();
    }
}
