// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.clients;

import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import java.util.concurrent.TimeUnit;

/** The mail client of Vert.x, with a pool of one connection, and its default of pipelining. */
final class VertxClient implements MailClient {

    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx();
    private final io.vertx.ext.mail.MailClient client;

    VertxClient(int port, String user, String password) {
        client = io.vertx.ext.mail.MailClient.create(
                vertx,
                new MailConfig("127.0.0.1", port)
                        .setStarttls(StartTLSOptions.DISABLED)
                        .setLogin(LoginOption.REQUIRED)
                        .setAuthMethods("PLAIN")
                        .setUsername(user)
                        .setPassword(password)
                        .setOwnHostname("load.example")
                        .setKeepAlive(true)
                        .setMaxPoolSize(1));
    }

    @Override
    public void send(String recipient) throws Exception {
        MailMessage message = new MailMessage(Letter.SENDER, recipient, Letter.SUBJECT, Letter.TEXT);
        client.sendMail(message).toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        client.close();
        vertx.close();
    }
}
