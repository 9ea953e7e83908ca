// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.credential.oauth.NewAccount;

/**
 * What the command line says of an account that no configuration has.
 *
 * @param description the account
 * @param secretFile where the application's secret is; {@code -} is standard input, or typed
 */
record LoginOptions(NewAccount.Description description, Optional<String> secretFile) {

    private static final String PROVIDER = "--provider";
    private static final String TENANT = "--tenant";
    private static final String CLIENT_ID = "--client-id";
    private static final String SECRET_FILE = "--client-secret-file";
    private static final String USER = "--user";
    private static final String SCOPE = "--scope";
    private static final String KEY = "--key";
    private static final List<String> ALL = List.of(PROVIDER, TENANT, CLIENT_ID, SECRET_FILE, USER, SCOPE, KEY);

    /** @throws IllegalArgumentException if they are wrong; the text says how */
    static LoginOptions parse(List<String> words) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = word.startsWith("-") ? equals < 0 ? word : word.substring(0, equals) : "";
            if (!option.isEmpty() && !ALL.contains(option)) {
                throw new IllegalArgumentException("login takes " + String.join(", ", ALL) + " and the account's name");
            }
            if (!option.isEmpty() && equals < 0 && !rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = option.isEmpty() ? word : equals < 0 ? rest.next() : word.substring(equals + 1);
            values.computeIfAbsent(option, first -> new ArrayList<>()).add(value);
        }
        return of(values);
    }

    private static LoginOptions of(Map<String, List<String>> values) {
        String provider = needed(values, PROVIDER, ": google, microsoft or the address of an issuer");
        Optional<String> tenant = one(values, TENANT);
        if (provider.equals("microsoft") && tenant.isEmpty()) {
            throw new IllegalArgumentException("--provider microsoft needs --tenant");
        }
        String user = needed(values, USER, ": the mailbox");
        List<String> scopes = values.getOrDefault(SCOPE, List.of()).stream()
                .flatMap(list -> List.of(list.strip().split("\\s+")).stream())
                .toList();
        Optional<String> secretFile = one(values, SECRET_FILE);
        return new LoginOptions(
                new NewAccount.Description(
                        one(values, "").orElse(user),
                        provider,
                        tenant,
                        needed(values, CLIENT_ID, ": the application"),
                        user,
                        scopes,
                        one(values, KEY),
                        secretFile.isPresent()),
                secretFile);
    }

    private static String needed(Map<String, List<String>> values, String option, String what) {
        return one(values, option)
                .orElseThrow(
                        () -> new IllegalArgumentException("an account that is not configured needs " + option + what));
    }

    private static Optional<String> one(Map<String, List<String>> values, String option) {
        List<String> given = values.getOrDefault(option, List.of());
        if (given.size() > 1) {
            throw new IllegalArgumentException(
                    option.isEmpty() ? "login takes the name of one account" : option + " is given twice");
        }
        if (given.contains("")) {
            throw new IllegalArgumentException((option.isEmpty() ? "the name" : option) + " is empty");
        }
        return given.stream().findFirst();
    }
}
