// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.credential.oauth.ConfiguredAccounts;
import org.postern.credential.oauth.Printable;
import org.postern.spi.command.OperatorCommand;

/** {@code postern oauth}. Knows the accounts of the relay that it runs in. Stateless; several calls may run at once. */
@Component(
        property = {
            OperatorCommand.VERB + "=oauth",
            OperatorCommand.SUMMARY + "=Show accounts at identity providers; log in to them"
        })
public final class OAuthCommand implements OperatorCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;
    private static final int NOT_CONFIGURED = 3;

    private static final String HELP = """
            Usage: postern oauth status [--json] --instance DIR
                   postern oauth login ACCOUNT --instance DIR
                   postern oauth retry ACCOUNT --instance DIR

            Accounts whose access tokens Postern fetches from an identity provider (stanza Credential_OAuth).

              status   show each account, whether it has a token, until when, and what has to be done. Never a token.
              login    log a person in: prints an address and a code for a browser anywhere, waits for the login, and
                       keeps the refresh token in the vault. For accounts whose Grant is refresh_token
              retry    ask the provider for a token now, for instance after something was mended there

            These verbs need the configuration, so the relay that runs with the state directory DIR runs them.

            Exit codes: 0 done, 1 it failed, 2 the arguments are wrong, 3 no such account is configured.
            """;

    private final Login login;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile ConfiguredAccounts configured;

    /** Waits by the clock of the process. */
    @Activate
    public OAuthCommand() {
        this(new Login(Login.Waiting.REAL));
    }

    OAuthCommand(Login login) {
        this.login = login;
    }

    /** For tests, which have no container to bind accounts. */
    void configured(ConfiguredAccounts accounts) {
        configured = accounts;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return DONE;
        }
        if (arguments.isEmpty()) {
            err.print(HELP);
            return WRONG_ARGUMENTS;
        }
        List<String> operands = arguments.subList(1, arguments.size());
        return switch (arguments.get(0)) {
            case "status" ->
                operands.isEmpty() || operands.equals(List.of("--json"))
                        ? accounts(err)
                                .map(accounts -> status(accounts, !operands.isEmpty(), out))
                                .orElse(NOT_CONFIGURED)
                        : refuse(err, "status takes --json and nothing else");
            case "login", "retry" ->
                operands.size() == 1 && !operands.get(0).startsWith("-")
                        ? accounts(err)
                                .map(accounts -> withAccount(arguments.get(0), operands.get(0), accounts, out, err))
                                .orElse(NOT_CONFIGURED)
                        : refuse(err, arguments.get(0) + " takes the name of one account");
            case String other ->
                refuse(err, "there is no verb " + Printable.of(other) + "; there are status, login, retry");
        };
    }

    private static int refuse(PrintStream err, String why) {
        err.println("postern oauth: " + why);
        err.println("Try: postern oauth --help");
        return WRONG_ARGUMENTS;
    }

    private Optional<ConfiguredAccounts> accounts(PrintStream err) {
        ConfiguredAccounts accounts = configured;
        if (accounts == null) {
            err.println(
                    "postern oauth: no configuration with a stanza Credential_OAuth is in force here; run this in the"
                            + " relay that is running, with --instance");
        }
        return Optional.ofNullable(accounts);
    }

    private static int status(ConfiguredAccounts accounts, boolean json, PrintStream out) {
        StatusReport report = new StatusReport(accounts.statuses(), accounts.mistakes());
        out.println(json ? report.json() : report.table());
        return DONE;
    }

    private int withAccount(String verb, String name, ConfiguredAccounts accounts, PrintStream out, PrintStream err) {
        if (accounts.account(name).isEmpty()) {
            err.println("postern oauth: "
                    + Optional.ofNullable(accounts.mistakes().get(name))
                            .orElse("there is no account '" + Printable.of(name) + "' in Credential_OAuth"));
            return NOT_CONFIGURED;
        }
        try {
            return verb.equals("login")
                    ? login.run(accounts, accounts.account(name).get(), out)
                    : Retry.run(accounts, name, out);
        } catch (IOException failed) {
            err.println("postern oauth " + verb + ": " + Printable.of(String.valueOf(failed.getMessage())));
            return FAILED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            err.println("postern oauth " + verb + ": interrupted; nothing was changed");
            return FAILED;
        }
    }
}
