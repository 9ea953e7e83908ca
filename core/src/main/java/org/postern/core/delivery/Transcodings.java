// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.core.outcome.Transcoding;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;

/** What the scopes say about replies that mean something else than they say. */
final class Transcodings {

    private Transcodings() {}

    /** One without the other changes nothing. */
    static Transcoding of(Resolution options) {
        return options.derived(Transcoding.class, Transcodings::read);
    }

    private static Transcoding read(Resolution options) {
        Optional<List<String>> patterns =
                options.get(OutboundSettings.RESPONSE_TRANSCODE_PATTERN).value();
        Optional<String> replacement =
                options.get(OutboundSettings.RESPONSE_TRANSCODE_REPLACE).value();
        return patterns.isEmpty() || replacement.isEmpty()
                ? Transcoding.NONE
                : new Transcoding(patterns.get().stream().map(Pattern::compile).toList(), replacement.get());
    }
}
