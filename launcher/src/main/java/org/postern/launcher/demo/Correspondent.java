// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

/**
 * A domain that mail goes to, and as whom its peer is to see us.
 *
 * @param domain the recipients' domain
 * @param mechanism the only mechanism that its peer offers
 * @param user the account there
 * @param key the name of the credential in the vault
 */
record Correspondent(String domain, String mechanism, String user, String key) {

    static final Correspondent MESSAGE_SYSTEMS = new Correspondent("messagesystems.com", "LOGIN", "msys", "somestring");

    static final Correspondent SPARKPOST = new Correspondent("sparkpost.com", "PLAIN", "sparkpost", "someotherstring");

    /** The password that the example gives: the user's name again. */
    String firstPassword() {
        return user;
    }
}
