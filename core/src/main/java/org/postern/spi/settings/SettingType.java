// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.postern.spi.credential.Secret;

/**
 * How a raw value becomes a typed one. The set is closed on purpose: a configuration outlives the bundles that described
 * it, and must not hold code of theirs.
 *
 * @param <T> the type of values
 */
public final class SettingType<T> {

    /** Any text of one line, perhaps empty. Control characters but the tab are refused: what is set here reaches the wire. */
    public static final SettingType<String> TEXT = new SettingType<>("text", raw -> line(scalar(raw)));

    /** Text that must not be shown. */
    public static final SettingType<Secret> SECRET = new SettingType<>("secret", raw -> Secret.of(scalar(raw)));

    /** One or several texts that must not be shown; a single scalar is an array of one. */
    public static final SettingType<List<Secret>> SECRETS = new SettingType<>(
            "array of secrets", raw -> items(raw).stream().map(Secret::of).toList());

    /** {@code true/false}, {@code yes/no}, {@code on/off}, {@code enabled/disabled}, {@code 1/0}, in any case. */
    public static final SettingType<Boolean> BOOLEAN =
            new SettingType<>("true or false", raw -> toBoolean(scalar(raw)));

    /** One or several texts as {@link #TEXT} has them; a single scalar is an array of one. */
    public static final SettingType<List<String>> WORDS = new SettingType<>("array of words", SettingType::lines);

    /** {@code N} for so many per second, {@code N/S} for so many in S seconds; {@code 0} sets no limit. */
    public static final SettingType<Throttle> THROTTLE =
            new SettingType<>("N per second or N/S for N in S seconds", raw -> toThrottle(scalar(raw)));

    private static final Pattern THROTTLE_FORM = Pattern.compile("([0-9]{1,9})(?:\\s*/\\s*([0-9]{1,8}))?");

    /** One or several regular expressions as text; each is known to compile. */
    public static final SettingType<List<String>> PATTERNS =
            new SettingType<>("array of regular expressions", SettingType::patterns);

    private final String form;
    private final Reader<T> reader;

    private SettingType(String form, Reader<T> reader) {
        this.form = form;
        this.reader = reader;
    }

    /** A whole number within bounds, both included. */
    public static SettingType<Long> integer(long least, long most) {
        String form = "whole number from " + least + " to " + most;
        return new SettingType<>(form, raw -> toLong(scalar(raw), least, most, form));
    }

    /** A whole number of seconds within bounds, both included. */
    public static SettingType<Duration> seconds(long least, long most) {
        String form = "seconds from " + least + " to " + most;
        return new SettingType<>(form, raw -> Duration.ofSeconds(toLong(scalar(raw), least, most, form)));
    }

    /** One of these words, in any case; the value is the word as given here. */
    public static SettingType<String> oneOf(String... words) {
        List<String> allowed = List.of(words);
        String form = "one of " + String.join(", ", allowed);
        return new SettingType<>(form, raw -> toOneOf(scalar(raw), allowed, form));
    }

    /**
     * Text of a form that a pattern describes.
     *
     * @param form the rest of a sentence that begins with "must be"
     * @param pattern has to match the whole text; must not be able to run away on a long one
     */
    public static SettingType<String> matching(String form, Pattern pattern) {
        return new SettingType<>(form, raw -> toMatching(scalar(raw), pattern, form));
    }

    /**
     * One or several texts, each of a form that a pattern describes; a single scalar is an array of one.
     *
     * @param form the end of a sentence that says of one of them what it is not, such as "a host name"
     * @param pattern has to match each as a whole; must not be able to run away on a long one
     */
    public static SettingType<List<String>> wordsMatching(String form, Pattern pattern) {
        return new SettingType<>("array, each item " + form, raw -> toMatchingWords(lines(raw), pattern, form));
    }

    /**
     * Reads a value.
     *
     * @throws InvalidValueException if the value has another form
     */
    public T read(RawValue raw) throws InvalidValueException {
        return reader.read(Objects.requireNonNull(raw, "raw"));
    }

    /** The form of values, for people: the rest of a sentence that begins with "must be". */
    public String form() {
        return form;
    }

    /** Whether values must not be shown. */
    public boolean isSecret() {
        return this == (Object) SECRET || this == (Object) SECRETS;
    }

    @Override
    public String toString() {
        return form;
    }

    private static String scalar(RawValue raw) throws InvalidValueException {
        if (raw instanceof RawValue.Scalar scalar) {
            return scalar.text();
        }
        throw new InvalidValueException(
                "takes one value, not " + (raw instanceof RawValue.Array ? "an array" : "a dictionary"));
    }

    private static String line(String text) throws InvalidValueException {
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            throw new InvalidValueException("must not contain a line end or another control character");
        }
        return text;
    }

    private static List<String> lines(RawValue raw) throws InvalidValueException {
        for (String item : items(raw)) {
            line(item);
        }
        return items(raw);
    }

    private static List<String> items(RawValue raw) throws InvalidValueException {
        return switch (raw) {
            case RawValue.Array array -> array.items();
            case RawValue.Scalar scalar -> List.of(scalar.text());
            case RawValue.Dictionary dictionary -> throw new InvalidValueException("takes an array, not a dictionary");
        };
    }

    private static List<String> patterns(RawValue raw) throws InvalidValueException {
        List<String> items = items(raw);
        for (String item : items) {
            try {
                Pattern.compile(item);
            } catch (PatternSyntaxException wrong) {
                throw new InvalidValueException(
                        "has '" + item + "', which is no regular expression: " + wrong.getDescription());
            }
        }
        return items;
    }

    private static boolean toBoolean(String text) throws InvalidValueException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "enabled", "1" -> true;
            case "false", "no", "off", "disabled", "0" -> false;
            default -> throw new InvalidValueException("must be true or false");
        };
    }

    private static long toLong(String text, long least, long most, String form) throws InvalidValueException {
        try {
            long value = Long.parseLong(text.trim());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // The same answer as for a number out of bounds.
        }
        throw new InvalidValueException("must be a " + form);
    }

    private static Throttle toThrottle(String text) throws InvalidValueException {
        Matcher parts = THROTTLE_FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw new InvalidValueException("must be " + THROTTLE.form());
        }
        long seconds = parts.group(2) == null ? 1 : Long.parseLong(parts.group(2));
        if (seconds == 0) {
            throw new InvalidValueException("must be for a time of at least one second");
        }
        return new Throttle(Long.parseLong(parts.group(1)), Duration.ofSeconds(seconds));
    }

    private static String toOneOf(String text, List<String> allowed, String form) throws InvalidValueException {
        return allowed.stream()
                .filter(word -> word.equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("must be " + form));
    }

    private static String toMatching(String text, Pattern pattern, String form) throws InvalidValueException {
        if (!pattern.matcher(text).matches()) {
            throw new InvalidValueException("must be " + form);
        }
        return text;
    }

    private static List<String> toMatchingWords(List<String> items, Pattern pattern, String form)
            throws InvalidValueException {
        for (String item : items) {
            if (!pattern.matcher(item).matches()) {
                throw new InvalidValueException("has '" + item + "', which is not " + form);
            }
        }
        return items;
    }

    private interface Reader<T> {
        T read(RawValue raw) throws InvalidValueException;
    }
}
