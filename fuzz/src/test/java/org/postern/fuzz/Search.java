// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One run of Jazzer over one target. What it learns about the target is kept for the next run until the build is cleaned. */
final class Search {

    /** Seconds for one input: long enough for a busy machine, and nothing that is read here takes one. */
    private static final int HANGS = 20;

    private static final int HEAP_MB = 512;
    private static final int LONGEST_INPUT = 64 * 1024;

    private static final Pattern PROGRESS =
            Pattern.compile("#([0-9]+)\\s+(?:pulse|DONE)\\s.*\\bcov: ([0-9]+).*\\bcorp: ([0-9]+)/.*exec/s: ([0-9]+).*");
    private static final Pattern FINDING = Pattern.compile("== Java Exception: .*|==[0-9]+== ERROR: .*");

    private final Target target;
    private final Path kept;
    private final Path learnt;
    private final Path findings;
    private final Path log;

    Search(Target target, Corpus corpus, Path module) throws IOException {
        this.target = target;
        this.kept = corpus.folder(target);
        Path run = module.resolve("target").resolve("fuzz").resolve(target.label());
        this.learnt = Files.createDirectories(run.resolve("corpus"));
        this.findings = Files.createDirectories(run.resolve("findings"));
        this.log = run.resolve("log");
    }

    /**
     * Searches.
     *
     * @param progress told how far it is, every few seconds, and what was found
     * @return whether nothing was found
     */
    boolean run(int seconds, Consumer<String> progress) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(seconds))
                .directory(findings.toFile())
                .redirectErrorStream(true)
                .start();
        // Ctrl-C ends this process; the other must not go on without it.
        Thread end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        try {
            process.getOutputStream().close();
            follow(process, progress);
            return process.waitFor() == 0;
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    private void follow(Process process, Consumer<String> progress) throws IOException {
        try (BufferedReader output = process.inputReader();
                PrintWriter copy = new PrintWriter(Files.newBufferedWriter(log), true)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                copy.println(line);
                told(line).ifPresent(progress);
            }
        }
    }

    private static Optional<String> told(String line) {
        Matcher progress = PROGRESS.matcher(line);
        if (progress.matches()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%,d inputs, %s in a second; %s of them led somewhere new, %s places reached",
                    Long.parseLong(progress.group(1)),
                    progress.group(4),
                    progress.group(3),
                    progress.group(2)));
        }
        return Optional.of(line).filter(text -> FINDING.matcher(text).matches());
    }

    private List<String> command(int seconds) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx" + HEAP_MB + "m",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerEntry.class.getName(),
                "--target_args=" + target.label(),
                "--instrumentation_includes=org.postern.**",
                // Patterns of domains are expressions that operators write; what one may cost is bounded where it runs.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
                "--reproducer_path=" + findings,
                "-max_total_time=" + seconds,
                "-timeout=" + HANGS,
                "-max_len=" + LONGEST_INPUT,
                "-rss_limit_mb=" + 4 * HEAP_MB,
                "-artifact_prefix=" + findings + "/",
                learnt.toString(),
                kept.toString()));
        return command;
    }

    /** The process has another working directory. */
    private static String absolute(String classPath) {
        return Stream.of(classPath.split(":"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((one, two) -> one + ":" + two)
                .orElseThrow();
    }

    /** What to do about a finding. */
    List<String> advice() {
        return List.of(
                "  input and stack: " + findings + " and " + log,
                "  to have it again in the ordinary tests, copy the input to " + kept
                        + " under a name that says what it is");
    }
}
