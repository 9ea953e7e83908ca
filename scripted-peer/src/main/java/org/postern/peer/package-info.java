// SPDX-License-Identifier: Apache-2.0
/**
 * SMTP peers on loopback, for tests, benchmarks and demonstrations. Everything here uses real sockets and real TLS.
 *
 * <p>{@link org.postern.peer.MailPeer} is a server that takes mail. {@link org.postern.peer.ScriptedPeer} plays a
 * dialogue, however odd. A dialogue is text in UTF-8, one step per line:
 *
 * <pre>{@code
 * # Asks for a password, then refuses it.
 * S: 220 mx ready
 * C: EHLO *
 * S: 250-mx
 * S: 250 AUTH PLAIN
 * C: AUTH PLAIN <b64 "\0user\0secret">
 * S: 535 5.7.8 no
 * C: QUIT
 * S: 221 bye
 * }</pre>
 *
 * <dl>
 *   <dt>{@code S: text}
 *   <dd>the peer says this line; CRLF is added
 *   <dt>{@code S! text}
 *   <dd>the peer sends just this, for half lines and wrong line ends
 *   <dt>{@code C: text}
 *   <dd>the client says this line, ended by CRLF; {@code *} stands for any run of characters
 *   <dt>{@code C: <content>}
 *   <dd>the client sends a message up to the lone dot; it is kept
 *   <dt>{@code C: <octets 86>}
 *   <dd>the client sends so many octets, as after BDAT; they are kept
 *   <dt>{@code wait}, {@code silence}
 *   <dd>the peer says nothing until the client closes the connection
 *   <dt>{@code pause 50ms}
 *   <dd>the peer rests before it goes on
 *   <dt>{@code repeat 1000 S: 250-more}
 *   <dd>the line so many times ({@code S:}, {@code S!} or {@code C:}); the client may hang up meanwhile
 *   <dt>{@code dribble 1/10ms S: 220 slow}
 *   <dd>1 octet every 10 milliseconds; the client may hang up meanwhile
 *   <dt>{@code starttls good}, {@code tls good}
 *   <dd>the TLS handshake, with one of the certificates of {@link org.postern.peer.CertificateVariant}; perhaps
 *       {@code for mx.example.test,mx2.example.test}, perhaps {@code refused} at the end, where the client is to give
 *       the handshake up or to close without a word after it
 *   <dt>{@code close}, {@code cut}, {@code reset}
 *   <dd>the peer ends the connection: in order, under TLS without close_notify, or by RST
 *   <dt>{@code --- connection 2}
 *   <dd>what follows is the second connection; {@code --- further connections} is every one after the numbered
 *   <dt>{@code # text}
 *   <dd>a remark
 * </dl>
 *
 * <p>In what is said, {@code \r \n \t \0 \xNN \\ \" \*} are escapes, and {@code <b64 "text">} is the base64 of the text.
 * After the last line of a connection the client may say QUIT, and nothing else.
 */
package org.postern.peer;
