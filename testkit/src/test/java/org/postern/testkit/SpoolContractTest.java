// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;

/** Whether the contract notices what it is there for. */
class SpoolContractTest {

    /** Loses what it had when it is opened again. */
    static class Forgetful extends MemorySpoolTest {
        @Override
        public Spool open() {
            return new MemorySpool(new MemorySpool.Disk(Long.MAX_VALUE));
        }
    }

    @Test
    void catchesASpoolThatForgets() {
        assertThat(Failures.of(Forgetful.class))
                .contains("givesEveryContentBack", "recoversInTheOrderOfAcceptance", "keepsEverythingAboutAMessage");
    }

    /** Drops the last octet. */
    static class Truncating extends MemorySpoolTest {
        @Override
        public Spool open() {
            return new MemorySpool(disk) {
                @Override
                public InputStream openContent(MessageId id) throws IOException {
                    try (InputStream in = super.openContent(id)) {
                        byte[] content = in.readAllBytes();
                        return new java.io.ByteArrayInputStream(content, 0, Math.max(0, content.length - 1));
                    }
                }
            };
        }
    }

    @Test
    void catchesASpoolThatTruncates() {
        assertThat(Failures.of(Truncating.class)).contains("givesEveryContentBack", "takesContentInPieces");
    }

    /** Stores a draft as soon as it is closed. */
    static class Eager extends MemorySpoolTest {
        @Override
        public Spool open() {
            return new MemorySpool(disk) {
                @Override
                public Draft draft() {
                    return new MemoryDraft() {
                        @Override
                        public void write(ByteBuffer buffer) throws IOException {
                            super.write(buffer);
                            commit(
                                    new org.postern.spi.mail.Envelope(
                                            Optional.empty(),
                                            List.of(org.postern.spi.mail.MailAddress.parse("a@b.test")),
                                            org.postern.spi.mail.BodyType.SEVEN_BIT,
                                            false),
                                    org.postern.spi.mail.Binding.DEFAULT,
                                    java.util.Map.of(),
                                    RECEIVED);
                        }
                    };
                }
            };
        }
    }

    @Test
    void catchesASpoolThatKeepsDrafts() {
        assertThat(Failures.of(Eager.class)).contains("keepsNothingOfADraftThatWasNotCommitted");
    }

    /** Reads, rests and writes, so that updates overwrite one another; never forgets; gives names anew each time. */
    static class Sloppy extends MemorySpoolTest {
        @Override
        public Spool open() {
            AtomicLong names = new AtomicLong();
            return new MemorySpool(disk) {
                @Override
                public void record(MessageId id, Collection<RecipientUpdate> updates) {
                    MemorySpool.Stored stored = disk.messages.get(id);
                    List<RecipientState> states =
                            new ArrayList<>(stored.message().states());
                    updates.forEach(update -> states.set(update.index(), update.state()));
                    Thread.yield();
                    disk.messages.put(id, new Stored(with(stored.message(), updates), stored.content()));
                }

                @Override
                MessageId newName() {
                    return new MessageId("m" + names.incrementAndGet());
                }
            };
        }
    }

    @Test
    void catchesASpoolThatMixesUpdatesUpAndNeverForgets() {
        assertThat(Failures.of(Sloppy.class))
                .contains(
                        "joinsUpdatesThatComeAtOnce",
                        "forgetsAMessageThatIsSettled",
                        "knowsNoMessageThatIsNotThere",
                        "givesNoNameTwice");
    }

    /** Recovers in reverse and finds empty content for unknown names. */
    static class Confused extends MemorySpoolTest {
        @Override
        public Spool open() {
            return new MemorySpool(disk) {
                @Override
                public void recover(Consumer<SpooledMessage> consumer) throws IOException {
                    List<SpooledMessage> messages = new ArrayList<>();
                    super.recover(messages::add);
                    messages.reversed().forEach(consumer);
                }

                @Override
                public InputStream openContent(MessageId id) throws IOException {
                    try {
                        return super.openContent(id);
                    } catch (FileNotFoundException e) {
                        return InputStream.nullInputStream();
                    }
                }
            };
        }
    }

    @Test
    void catchesASpoolThatLosesTheOrder() {
        assertThat(Failures.of(Confused.class))
                .contains("recoversInTheOrderOfAcceptance", "knowsNoMessageThatIsNotThere", "forgetsWhatIsRemoved");
    }

    /** Takes more than it has room for, and says so wrongly. */
    static class Boastful extends MemorySpoolTest {
        @Override
        public Optional<Spool> smallSpool() {
            return Optional.of(new MemorySpool(new MemorySpool.Disk(Long.MAX_VALUE)));
        }
    }

    @Test
    void catchesASpoolThatIsNeverFull() {
        assertThat(Failures.of(Boastful.class)).containsExactly("refusesWhatDoesNotFit");
    }

    /** Tells of what is held too, and notes what it is told without a look. */
    static class Obliging extends MemorySpoolTest {
        @Override
        public Spool open() {
            return obliging(Integer.MAX_VALUE);
        }

        @Override
        public Optional<Spool> openHoldingOne() {
            return Optional.of(obliging(1));
        }

        private Spool obliging(int mostHeld) {
            return new MemorySpool(disk, mostHeld) {
                @Override
                public void visitUnheld(Consumer<SpooledMessage> visitor) {
                    List.copyOf(disk.messages.values()).forEach(stored -> visitor.accept(stored.message()));
                }

                @Override
                public boolean recordUnheld(SpooledMessage seen, Collection<RecipientUpdate> updates) {
                    record(seen.id(), updates);
                    return true;
                }
            };
        }
    }

    @Test
    void catchesASpoolThatLetsOperatorsChangeWhatOthersHold() {
        assertThat(Failures.of(Obliging.class))
                .contains(
                        "tellsOfNothingThatIsHeld",
                        "tellsOfWhatNobodyHolds",
                        "notesNothingForAnOperatorAboutWhatWasNotSeen");
    }

    /** Hears of changes and forgets them, and swallows what the visitor throws. */
    static class Deaf extends MemorySpoolTest {
        @Override
        public Optional<Spool> openHoldingOne() {
            return Optional.of(new MemorySpool(disk, 1) {
                @Override
                public void visitUnheld(Consumer<SpooledMessage> visitor) {
                    super.visitUnheld(message -> {
                        try {
                            visitor.accept(message);
                        } catch (IllegalStateException unheard) {
                            assertThat(unheard).hasMessage("enough");
                        }
                    });
                }

                @Override
                public boolean recordUnheld(SpooledMessage seen, Collection<RecipientUpdate> updates) {
                    return unheld.contains(seen.id());
                }
            });
        }
    }

    @Test
    void catchesASpoolThatForgetsWhatOperatorsWant() {
        assertThat(Failures.of(Deaf.class))
                .contains(
                        "endsTheVisitWithWhatTheVisitorThrows",
                        "notesWhatAnOperatorWantsOfWhatNobodyHolds",
                        "forgetsWhatNobodyHoldsOnceItIsSettled",
                        "letsOneOfManyOperatorsHaveHisWay");
    }
}
