// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.credential.vault.ConfiguredVault;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeySource;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/**
 * {@code postern vault}. Works without a configured vault too. Stateless; several calls may run at once.
 */
@Component(
        property = {
            OperatorCommand.VERB + "=vault",
            OperatorCommand.SUMMARY + "=Make the local vault; set, list, rotate and remove its credentials"
        })
public final class VaultCommand implements OperatorCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;
    private static final String HELP = "--help";
    private static final String SHORT_HELP = "-h";

    private static final Map<String, Verb> VERBS = verbs();

    private final InstantSource clock;
    private final Map<String, String> environment;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile ConfiguredVault configured;

    /** With the process's environment and clock. */
    @Activate
    public VaultCommand() {
        this(Clock.systemUTC(), System.getenv());
    }

    VaultCommand(InstantSource clock, Map<String, String> environment) {
        this.clock = clock;
        this.environment = environment;
    }

    private static Map<String, Verb> verbs() {
        Map<String, Verb> verbs = new LinkedHashMap<>();
        verbs.put("init", new InitVerb());
        verbs.put("set", new SetVerb());
        verbs.put("get", new GetVerb());
        verbs.put("list", new ListVerb());
        verbs.put("rotate", new RotateVerb());
        verbs.put("promote", new PromoteVerb());
        verbs.put("remove", new RemoveVerb());
        verbs.put("export", new ExportVerb());
        verbs.put("import", new ImportVerb());
        verbs.put("rekey", new RekeyVerb());
        verbs.put("verify", new VerifyVerb());
        return verbs;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.isEmpty() || isHelp(arguments.get(0))) {
            (arguments.isEmpty() ? err : out).print(overview());
            return arguments.isEmpty() ? WRONG_ARGUMENTS : DONE;
        }
        String name = arguments.get(0);
        Verb verb = VERBS.get(name);
        if (verb == null) {
            return refuse(
                    err,
                    "vault",
                    "there is no verb " + Printable.whole(name) + "; there are " + String.join(", ", VERBS.keySet()));
        }
        return run(name, verb, arguments.subList(1, arguments.size()), new Streams(in, out, err));
    }

    private record Streams(InputStream in, PrintStream out, PrintStream err) {}

    private int run(String name, Verb verb, List<String> words, Streams streams) {
        if (words.stream().takeWhile(word -> !word.equals("--")).anyMatch(VaultCommand::isHelp)) {
            streams.out().print(verb.help());
            return DONE;
        }
        try {
            Arguments arguments = Arguments.parse(
                    words, union(VaultChoice.OPTIONS, verb.valued()), union(VaultChoice.FLAGS, verb.flags()));
            run(verb, arguments, streams);
            return DONE;
        } catch (UsageException wrong) {
            return refuse(streams.err(), "vault " + name, wrong.getMessage());
        } catch (InvalidPathException wrong) {
            return refuse(streams.err(), "vault " + name, "a file name has a character that no file name can have");
        } catch (IOException failed) {
            streams.err().println("postern vault " + name + ": " + Printable.whole(reason(failed)));
            return FAILED;
        }
    }

    private void run(Verb verb, Arguments arguments, Streams streams) throws UsageException, IOException {
        VaultChoice choice =
                new VaultChoice(Optional.ofNullable(configured).flatMap(ConfiguredVault::vaultFile), environment);
        VaultFile vault = choice.choose(arguments, () -> verb.passphrase(streams.in()));
        try {
            verb.run(new Call(arguments, vault, environment, streams.in(), streams.out(), streams.err(), clock));
        } finally {
            if (vault.key() instanceof KeySource.Typed(Secret passphrase)) {
                passphrase.close();
            }
        }
    }

    private static int refuse(PrintStream err, String where, String why) {
        err.println("postern " + where + ": " + Printable.whole(why));
        err.println("Try: postern " + where + " --help");
        return WRONG_ARGUMENTS;
    }

    // The runtime's own file exceptions have the bare path as text.
    private static String reason(IOException failed) {
        if (!(failed instanceof FileSystemException raw) || raw.getFile() == null) {
            return String.valueOf(failed.getMessage());
        }
        String kind = failed.getClass().getSimpleName().replace("Exception", "");
        String words = kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
        return raw.getFile() + ": " + Optional.ofNullable(raw.getReason()).orElse(words);
    }

    private static Set<String> union(Set<String> some, Set<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private static boolean isHelp(String word) {
        return word.equals(HELP) || word.equals(SHORT_HELP);
    }

    private static String overview() {
        return """
                Usage: postern vault VERB [options]

                The local vault holds the user names and secrets that Outbound_SMTP_AUTH_Key refers to. It is a KeePass
                file: KeePassXC opens it too.

                  init     make an empty vault and its key file
                  set      add an entry, or give it a new secret
                  get      show one entry; with --reveal its secret
                  list     show the entries, without secrets
                  rotate   put a next secret beside the present one
                  promote  make the next secret the present one
                  remove   take an entry out
                  export   write every entry in clear, for another tool
                  import   take entries from such an export
                  rekey    seal the vault with another key
                  verify   check the vault and its audit log

                postern vault VERB --help tells more.
                """;
    }
}
