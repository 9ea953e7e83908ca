// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.scope;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.postern.config.store.LanguageVocabulary;
import org.postern.config.store.language.Sources;
import org.postern.config.store.meaning.Interpreter;
import org.postern.config.store.meaning.Loaded;
import org.postern.config.store.meaning.Vocabulary;
import org.postern.core.scope.OutboundVocabulary;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.RoutingDomain;

/**
 * A configuration of many {@code Domain} stanzas, 1,000 bindings in 50 groups, every tenth with a domain of its own inside,
 * and 100 patterns.
 */
final class LargeFile {

    static final int BINDINGS = 1_000;
    static final int PATTERNS = 100;
    private static final int GROUPS = 50;
    private static final Vocabulary WORDS =
            Vocabulary.EMPTY.plus(new LanguageVocabulary()).plus(new OutboundVocabulary());

    private final Path file;

    private LargeFile(Path file) {
        this.file = file;
    }

    static LargeFile write(int domains) {
        try {
            Path file = Files.createTempFile("postern-bench-", ".conf");
            file.toFile().deleteOnExit();
            Files.writeString(file, text(domains));
            return new LargeFile(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String text(int domains) {
        StringBuilder text = new StringBuilder("TLS = ifavailable\nTLS_Verify = host\nMax_Outbound_Connections = 10\n");
        for (int i = 0; i < domains; i++) {
            text.append("Domain \"")
                    .append(name(i))
                    .append("\" {\n  Remote_SMTP_Port = 587\n  TLS = required\n")
                    .append("  Outbound_SMTP_AUTH_Type = \"PLAIN\"\n  Outbound_SMTP_AUTH_User = \"user")
                    .append(i)
                    .append("\"\n  Outbound_SMTP_AUTH_Key = \"key")
                    .append(i)
                    .append("\"\n}\n");
        }
        for (int i = 0; i < PATTERNS; i++) {
            text.append("Domain /(?:^|[.])pattern")
                    .append(i)
                    .append("[.](?:com|net)$/ { Idle_Timeout = ")
                    .append(i)
                    .append(" }\n");
        }
        for (int group = 0; group < GROUPS; group++) {
            text.append("Binding_Group \"g").append(group).append("\" {\n  Max_Deliveries_Per_Connection = 100\n");
            for (int i = group; i < BINDINGS; i += GROUPS) {
                text.append("  Binding \"b")
                        .append(i)
                        .append("\" {\n    Bind_Address = \"127.0.0.1\"\n")
                        .append("    EHLO_Hostname = \"out")
                        .append(i)
                        .append(".example.net\"\n");
                if (i % 10 == 0) {
                    text.append("    Domain \"").append(name(i)).append("\" { Max_Outbound_Connections = 2 }\n");
                }
                text.append("  }\n");
            }
            text.append("}\n");
        }
        return text.toString();
    }

    private static String name(int number) {
        return "customer" + number + ".example";
    }

    Loaded read() {
        Loaded loaded = Interpreter.interpret(Sources.read(file, Clock.systemUTC()), WORDS, 1);
        if (!loaded.isRight()) {
            throw new IllegalStateException(loaded.problems().kept().toString());
        }
        return loaded;
    }

    /** The domain with a number below that of the file's domains. */
    static RoutingDomain domain(int number) {
        return new RoutingDomain(name(number));
    }

    /** The binding with a number below {@link #BINDINGS}, in its group. */
    static Binding binding(int number) {
        return new Binding(new BindingGroup("g" + number % GROUPS), "b" + number);
    }
}
