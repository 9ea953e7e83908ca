// SPDX-License-Identifier: Apache-2.0
package org.postern.engine.dto;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which account a message would go out by, and why. No part holds a secret: what must not be shown reads
 * {@value #HIDDEN}.
 *
 * @param at when this was so
 * @param configuration the number of the configuration that was in force
 * @param sender the reverse-path, empty for none
 * @param recipient the forward-path
 * @param binding the binding, and how it was chosen
 * @param routing the routing domain, and where its mail goes
 * @param options what holds for each option of authentication, and what lost
 * @param hooks what each hook changed, in the order in which they were asked
 * @param authentication whether and how the message is authenticated
 * @param credential whose, where authentication applies
 * @param mechanisms what is installed or wanted, best first, where authentication applies
 * @param session what a session has to be like to be used for the message, where a host is known
 * @param warnings what is most likely not meant, one line each
 */
public record Explanation(
        Instant at,
        long configuration,
        String sender,
        String recipient,
        BindingExplained binding,
        Routing routing,
        List<Option> options,
        List<Hook> hooks,
        Authentication authentication,
        Optional<CredentialExplained> credential,
        List<Mechanism> mechanisms,
        Optional<Session> session,
        List<String> warnings) {

    /** Stands for a value that must not be shown. */
    public static final String HIDDEN = "(hidden)";

    /** Copies the lists. */
    public Explanation {
        options = List.copyOf(options);
        hooks = List.copyOf(hooks);
        mechanisms = List.copyOf(mechanisms);
        warnings = List.copyOf(warnings);
    }

    /**
     * A binding.
     *
     * @param name its name
     * @param group the group that it belongs to
     * @param why how it was chosen, one line per step
     */
    public record BindingExplained(String name, String group, List<String> why) {

        /** Copies the list. */
        public BindingExplained {
            why = List.copyOf(why);
        }
    }

    /**
     * Where mail goes.
     *
     * @param recipientDomain the recipient's own domain
     * @param domain the routing domain: what mail is queued under and what scopes are asked for
     * @param gateway what replaced the recipient's domain, if a gateway did
     * @param routes what decides over the hosts, if something is written
     * @param hosts name and port of each host, in the order in which they are tried; empty where none is known
     * @param trouble why no host is known, where none is
     */
    public record Routing(
            String recipientDomain,
            String domain,
            Optional<Level> gateway,
            Optional<Level> routes,
            List<String> hosts,
            Optional<String> trouble) {

        /** Copies the list. */
        public Routing {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * An option.
     *
     * @param name its name
     * @param value what holds, if anything does
     * @param source {@code configuration}, {@code context}, {@code hook} or {@code default}
     * @param levels every place of the configuration that speaks, strongest first; the first is the one that holds where the
     *     source is the configuration
     */
    public record Option(String name, Optional<String> value, String source, List<Level> levels) {

        /** Copies the list. */
        public Option {
            levels = List.copyOf(levels);
        }
    }

    /**
     * What one place of the configuration says.
     *
     * @param place the scope, such as {@code binding b domain example.com}
     * @param value what stands there; nothing where the place cancels what broader ones say
     * @param file the file
     * @param line the line, from 1
     */
    public record Level(String place, Optional<String> value, String file, int line) {}

    /**
     * What a hook did.
     *
     * @param hook what it is called in the log
     * @param changes the variables that it set or removed, by name; nothing as value where it removed one
     * @param failure why it did not do its work, if so; the message would be deferred
     */
    public record Hook(String hook, List<Change> changes, Optional<String> failure) {

        /** Copies the list. */
        public Hook {
            changes = List.copyOf(changes);
        }
    }

    /**
     * A variable that a hook changed.
     *
     * @param name its name
     * @param value what it says now; nothing where it was removed
     */
    public record Change(String name, Optional<String> value) {}

    /**
     * Whether and how.
     *
     * @param verdict {@code none}, {@code authenticate}, {@code held} or {@code deferred}
     * @param reason one line
     */
    public record Authentication(String verdict, String reason) {}

    /**
     * A credential.
     *
     * @param status {@code found}, {@code missing}, {@code unavailable} or {@code not asked}
     * @param key the handle that the stores are asked for, if there is one
     * @param source the store and its key, or the file that the password is written in
     * @param user the authentication identity
     * @param version tells this state of the credential from others
     * @param kind such as {@code password}
     * @param asked when the store gave this answer; a store may have kept it before
     * @param since when this state of it began, if the store knows; its age counts from then
     * @param expires when it ends, if that is known
     * @param hosts the hosts that it may be shown to; empty means no such limit
     * @param reason why there is none, where there is none
     */
    public record CredentialExplained(
            String status,
            Optional<String> key,
            Optional<String> source,
            Optional<String> user,
            Optional<String> version,
            Optional<String> kind,
            Optional<Instant> asked,
            Optional<Instant> since,
            Optional<Instant> expires,
            List<String> hosts,
            Optional<String> reason) {

        /** Copies the list. */
        public CredentialExplained {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * A mechanism.
     *
     * @param name its registered name
     * @param bundle the bundle that it comes from; nothing where none is installed
     * @param usable whether it would be chosen from if the peer offers it on a connection that is safe
     * @param reason why not, where it is not
     * @param disclosures whether it may use the credential, for each kind of connection; empty where no credential is known
     */
    public record Mechanism(
            String name,
            Optional<String> bundle,
            boolean usable,
            Optional<String> reason,
            List<Disclosure> disclosures) {

        /** Copies the list. */
        public Mechanism {
            disclosures = List.copyOf(disclosures);
        }
    }

    /**
     * Whether a secret may be shown.
     *
     * @param connection {@code verified TLS}, {@code unverified TLS} or {@code no TLS}
     * @param permitted whether it may
     * @param reason why not, or the option that makes an exception
     */
    public record Disclosure(String connection, boolean permitted, Optional<String> reason) {}

    /**
     * What two sessions must have in common to serve the same message, for the first host.
     *
     * @param peer name and port
     * @param implicitTls whether TLS begins with the connection
     * @param tls whether STARTTLS is used: {@code never}, {@code if offered} or {@code required}
     * @param verification which certificates are refused: {@code none}, {@code ca}, {@code host} or {@code optional}
     * @param source the address that it comes from, if one is set
     * @param ehlo the name given in EHLO
     * @param identity user, source and version of the credential, if the session is authenticated
     * @param idle whether such a session is open and has nothing to do
     * @param obstacle why no login would be tried now, if so
     */
    public record Session(
            String peer,
            boolean implicitTls,
            String tls,
            String verification,
            Optional<String> source,
            String ehlo,
            Optional<String> identity,
            boolean idle,
            Optional<String> obstacle) {}
}
