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
import org.postern.credential.oauth.NewAccount;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.text.Printable;

/** {@code postern oauth}. Knows the accounts of the relay that it runs in. Stateless; several calls may run at once. */
@Component(
        property = {
            OperatorCommand.VERB + "=oauth",
            OperatorCommand.PLACE + "=" + OperatorCommand.CONFIGURED,
            OperatorCommand.SUMMARY + "=Show accounts at identity providers; log in to them"
        })
public final class OAuthCommand implements OperatorCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;
    private static final int NOT_CONFIGURED = 3;

    private static final String HELP = """
            Usage: postern oauth status [--json] WHERE
                   postern oauth login ACCOUNT WHERE
                   postern oauth login [NAME] --provider google|microsoft|URL --client-id ID --user MAILBOX
                          [--tenant TENANT] [--client-secret-file FILE] [--scope SCOPE]... [--key KEY] WHERE
                   postern oauth retry ACCOUNT WHERE

            Accounts whose access tokens Postern fetches from an identity provider (stanza Credential_OAuth).
            WHERE is --instance DIR, the relay that runs with this state directory, or -c FILE, a configuration.

              status   show each account, whether it has a token, until when, and what has to be done. Never a token.
              login    log a person in: prints an address and a code for a browser anywhere, waits for the login, and
                       keeps the refresh token in the vault. For accounts whose Grant is refresh_token, and with
                       --provider for one that is not configured yet: then the stanza for it is printed
              retry    ask the provider for a token now, for instance after something was mended there

            Options of login:
              --provider            who logs the person in; URL is the issuer of any OpenID provider
              --tenant              the Microsoft tenant
              --client-id           the application
              --client-secret-file  the file with its secret, if it has one; - reads it from standard input, or
                                    asks for it where that is a terminal. It is kept under NAME/client-secret
              --user                the mailbox; also the account's name if NAME is not given
              --scope               what the token is to allow, instead of what the provider needs for mail
              --key                 where the refresh token is kept; NAME/refresh-token if not given

            Exit codes: 0 done, 1 it failed, 2 the arguments are wrong, 3 no such account is configured.
            """;

    private final DeviceFlow flow;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile ConfiguredAccounts configured;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile CredentialAccess stores;

    /** Waits by the clock of the process. */
    @Activate
    public OAuthCommand() {
        this(new DeviceFlow(DeviceFlow.Waiting.REAL));
    }

    OAuthCommand(DeviceFlow flow) {
        this.flow = flow;
    }

    /** For tests, which have no container to bind accounts and stores. */
    void configured(ConfiguredAccounts accounts, CredentialAccess others) {
        configured = accounts;
        stores = others;
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
            case "login" ->
                operands.stream().anyMatch(word -> word.startsWith("-"))
                        ? firstLogin(operands, in, out, err)
                        : one("login", operands, out, err);
            case "retry" -> one("retry", operands, out, err);
            case String other ->
                refuse(err, "there is no verb " + Printable.of(other) + "; there are status, login, retry");
        };
    }

    private int one(String verb, List<String> operands, PrintStream out, PrintStream err) {
        return operands.size() == 1 && !operands.get(0).startsWith("-")
                ? accounts(err)
                        .map(accounts -> withAccount(verb, operands.get(0), accounts, out, err))
                        .orElse(NOT_CONFIGURED)
                : refuse(err, verb + " takes the name of one account");
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
                    "postern oauth: the configuration has no stanza Credential_OAuth; postern oauth login --provider"
                            + " makes one");
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
                    ? new Login(flow).run(accounts, accounts.account(name).get(), out)
                    : Retry.run(accounts, name, out);
        } catch (IOException failed) {
            return failed(verb, failed, err);
        } catch (InterruptedException stopped) {
            return interrupted(verb, err);
        }
    }

    private int firstLogin(List<String> words, InputStream in, PrintStream out, PrintStream err) {
        LoginOptions options;
        NewAccount account;
        try {
            options = LoginOptions.parse(words);
            account = NewAccount.of(options.description());
        } catch (IllegalArgumentException wrong) {
            return refuse(err, Printable.of(wrong.getMessage()));
        }
        String name = account.account().name();
        ConfiguredAccounts accounts = configured;
        if (accounts != null
                && (accounts.account(name).isPresent() || accounts.mistakes().containsKey(name))) {
            return refuse(
                    err,
                    "account '" + Printable.of(name)
                            + "' is configured already: log in with its name alone, or give another NAME");
        }
        CredentialAccess others = stores;
        if (others == null) {
            err.println("postern oauth login: no credential store is there to keep the refresh token");
            return FAILED;
        }
        try {
            return new FirstLogin(flow, others).run(account, options.secretFile(), in, out);
        } catch (IOException failed) {
            return failed("login", failed, err);
        } catch (InterruptedException stopped) {
            return interrupted("login", err);
        }
    }

    private static int failed(String verb, IOException failed, PrintStream err) {
        err.println("postern oauth " + verb + ": " + Printable.of(String.valueOf(failed.getMessage())));
        return FAILED;
    }

    private static int interrupted(String verb, PrintStream err) {
        Thread.currentThread().interrupt();
        err.println("postern oauth " + verb + ": interrupted; nothing was changed");
        return FAILED;
    }
}
