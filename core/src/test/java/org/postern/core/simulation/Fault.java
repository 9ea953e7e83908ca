// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.util.List;

/** What a peer does at some stage instead of what it is asked for. */
enum Fault {
    /** A reply that begins with 4. */
    TEMPORARY,
    /** A reply that begins with 5. */
    PERMANENT,
    /** 421, and it hangs up. */
    GOING,
    /** It hangs up without a word. */
    CLOSE,
    /** It breaks off. */
    RESET,
    /** It says nothing, ever. */
    HANG,
    /** It takes its time. */
    LATE,
    /** It takes the message and hangs up before it says so. */
    TAKE_AND_CLOSE,
    /** It takes the message and never says so. */
    TAKE_AND_HANG,
    /** What it says is no reply. */
    NONSENSE;

    /** At any stage but the end of the content. */
    static final List<Fault> ANYWHERE = List.of(TEMPORARY, PERMANENT, GOING, CLOSE, RESET, HANG, LATE, NONSENSE);

    /** While content is on its way. */
    static final List<Fault> IN_CONTENT = List.of(CLOSE, RESET, HANG);

    /** At the end of the content. */
    static final List<Fault> AT_THE_END = List.of(values());
}
