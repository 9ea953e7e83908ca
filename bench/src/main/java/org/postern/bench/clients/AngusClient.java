// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.clients;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Properties;

/** Angus Mail, the implementation of Jakarta Mail: one message object, made once, and a transport that stays connected. */
final class AngusClient implements MailClient {

    private final Transport transport;
    private final MimeMessage message;

    AngusClient(int port, String user, String password) throws MessagingException {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(port));
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.auth.mechanisms", "PLAIN");
        properties.put("mail.smtp.localhost", "load.example");
        properties.put("mail.smtp.from", Letter.SENDER);
        Session session = Session.getInstance(properties);
        message = new MimeMessage(session);
        message.setFrom(new InternetAddress(Letter.SENDER));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("reader@sink.example"));
        message.setSubject(Letter.SUBJECT, "us-ascii");
        message.setText(Letter.TEXT, "us-ascii");
        message.saveChanges();
        transport = session.getTransport("smtp");
        transport.connect("127.0.0.1", port, user, password);
    }

    @Override
    public void send(String recipient) throws MessagingException {
        transport.sendMessage(message, new Address[] {new InternetAddress(recipient)});
    }

    @Override
    public void close() throws IOException {
        try {
            transport.close();
        } catch (MessagingException failed) {
            throw new IOException(failed);
        }
    }
}
