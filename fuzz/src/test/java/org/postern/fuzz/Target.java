// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.postern.auth.oauth.OAuthBearerMechanism;
import org.postern.auth.oauth.XOAuth2Mechanism;
import org.postern.auth.scram.ScramBody;
import org.postern.config.store.language.ConfigurationBody;
import org.postern.core.sasl.ChallengeBody;
import org.postern.core.smtp.CapabilitiesBody;
import org.postern.core.smtp.ReplyBody;
import org.postern.credential.vault.kdbx.VaultContentBody;
import org.postern.credential.vault.kdbx.VaultHeaderBody;

/** Every reader of what strangers write, with the memory that it may take. */
enum Target {

    /** Replies of a peer, from the first octet on. */
    REPLY(new ReplyBody(), 128 * 1024, 1_000),
    /** The lines of an EHLO reply. */
    CAPABILITIES(new CapabilitiesBody(), 64 * 1024, 1_000),
    /** The peer's side of an AUTH exchange: one reply in each line. */
    CHALLENGE(new ChallengeBody(), 64 * 1024, 1_000),
    /** The server's messages in SCRAM: one in each line. */
    SCRAM(new ScramBody(), 256 * 1024, 400),
    /** The reason for which a server refuses a token by XOAUTH2. */
    XOAUTH2_ERROR(new OAuthErrorBody(new XOAuth2Mechanism()), 128 * 1024, 200),
    /** The same by OAUTHBEARER. */
    OAUTHBEARER_ERROR(new OAuthErrorBody(new OAuthBearerMechanism()), 128 * 1024, 200),
    /** A configuration file. */
    CONFIGURATION(new ConfigurationBody(), 512 * 1024, 4_000),
    /** A script of Lua, from its text to its end. */
    LUA(new LuaBody(), 64 * 1024 * 1024, 2_000),
    /** The clear beginning of a vault, without the hash that follows it. */
    VAULT_HEADER(new VaultHeaderBody(), 2 * 1024 * 1024, 200),
    /** What is sealed in a vault, as it is after decryption. */
    VAULT_CONTENT(new VaultContentBody(), 512 * 1024, 2_000);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Body body;
    private final long always;
    private final long perOctet;

    /**
     * @param always octets that it may allocate for the smallest input
     * @param perOctet octets that it may allocate on top for each octet of input; what is allocated is more than what is
     *     held at any time
     */
    Target(Body body, long always, long perOctet) {
        this.body = body;
        this.always = always;
        this.perOctet = perOctet;
    }

    /** What it is called on the command line, and its folder of the corpus. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Target> of(String label) {
        return Arrays.stream(values())
                .filter(target -> target.label().equals(label))
                .findFirst();
    }

    /** Does with the input what the target does with every input, without a look at the memory. */
    void run(byte[] input) throws Exception {
        body.run(input.clone());
    }

    /** The same, and fails if it took more memory than it may. */
    void runBounded(byte[] input) throws Exception {
        long allowed = always + perOctet * input.length;
        // Whoever comes first pays for loading classes; whoever comes again pays for the input alone.
        if (allocated(input) > allowed) {
            long again = allocated(input);
            Body.check(again <= allowed, label() + " allocated " + again + " octets for an input of " + input.length);
        }
    }

    private long allocated(byte[] input) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run(input);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
