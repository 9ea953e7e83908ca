// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.core.smtp.RecipientReply;
import org.postern.core.smtp.TransactionResult;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.settings.BoundedText;

/**
 * Takes replies of peers for others, where an operator knows better what a peer means. Only refusals are, and only for
 * refusals: no reply is ever made a success, nor a success a failure.
 *
 * @param patterns searched for in code and text in one line; the first that occurs counts
 * @param replacement code and text, with {@code $0} to {@code $9} for what was found
 */
public record Transcoding(List<Pattern> patterns, String replacement) {

    /** Leaves every reply as it is. */
    public static final Transcoding NONE = new Transcoding(List.of(), "");

    private static final Pattern FOUND = Pattern.compile("\\$([0-9])");
    private static final Pattern REFUSAL = Pattern.compile("([45][0-9]{2})(?: (.*))?", Pattern.DOTALL);

    /** Copies the list. */
    public Transcoding {
        patterns = List.copyOf(patterns);
    }

    /** The reply that this one is taken for. */
    public SmtpReply apply(SmtpReply reply) {
        if (patterns.isEmpty() || reply.replyClass() < 4) {
            return reply;
        }
        String said = reply.toString();
        return patterns.stream()
                .flatMap(pattern -> BoundedText.find(pattern, said).stream())
                .findFirst()
                .flatMap(this::replaced)
                .orElse(reply);
    }

    /** The same for all replies of a transaction; refusals of this side's own stay. */
    public TransactionResult apply(TransactionResult result) {
        return patterns.isEmpty() || result.isLocal()
                ? result
                : new TransactionResult(
                        result.mail().map(this::apply),
                        result.recipients().stream().map(this::apply).toList(),
                        result.data().map(this::apply),
                        result.confirmation().map(this::apply),
                        result.fault(),
                        result.stage());
    }

    private RecipientReply apply(RecipientReply recipient) {
        return new RecipientReply(
                recipient.recipient(),
                recipient.reply().map(this::apply),
                recipient.confirmation().map(this::apply));
    }

    private Optional<SmtpReply> replaced(MatchResult found) {
        Matcher refusal = REFUSAL.matcher(
                FOUND.matcher(replacement).replaceAll(place -> Matcher.quoteReplacement(group(found, place.group(1)))));
        return refusal.matches()
                ? Optional.of(new SmtpReply(
                        Integer.parseInt(refusal.group(1)),
                        List.of(Optional.ofNullable(refusal.group(2)).orElse(""))))
                : Optional.empty();
    }

    private static String group(MatchResult found, String digit) {
        int number = Integer.parseInt(digit);
        return number > found.groupCount()
                ? ""
                : Optional.ofNullable(found.group(number)).orElse("");
    }
}
