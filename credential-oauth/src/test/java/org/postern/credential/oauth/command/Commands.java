// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.postern.credential.oauth.ConfiguredAccounts;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.credential.CredentialAccess;

/** The verb over given accounts, in a world in which waiting takes no time. */
public final class Commands {

    private Commands() {}

    /**
     * The verb.
     *
     * @param meanwhile what happens where it waits
     */
    public static OperatorCommand of(ConfiguredAccounts accounts, Consumer<Duration> meanwhile) {
        return of(accounts, null, meanwhile);
    }

    /**
     * The verb, with stores that it can write to.
     *
     * @param meanwhile what happens where it waits
     */
    public static OperatorCommand of(
            ConfiguredAccounts accounts, CredentialAccess stores, Consumer<Duration> meanwhile) {
        OAuthCommand command = new OAuthCommand(new DeviceFlow(meanwhile::accept));
        command.configured(accounts, stores);
        return command;
    }

    /** What it says. */
    public static String run(ConfiguredAccounts accounts, String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = of(accounts, time -> {}).run(List.of(words), new ByteArrayInputStream(new byte[0]), out, out);
        return said.toString(StandardCharsets.UTF_8) + "exit " + code;
    }
}
