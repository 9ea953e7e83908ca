// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.util.List;
import java.util.Optional;

/** An index that is lost after so many calls. */
final class FailingIndex implements ParkedIndex {

    private final ParkedIndex index = StoredIndex.inMemory();
    private int left;

    FailingIndex(int calls) {
        left = calls;
    }

    /** What is called from here on fails. */
    void breakNow() {
        left = 0;
    }

    private void call() throws IndexLostException {
        if (left == 0) {
            throw new IndexLostException("the disk is full", null);
        }
        left--;
    }

    @Override
    public Optional<Parked> find(long number) throws IndexLostException {
        call();
        return index.find(number);
    }

    @Override
    public void put(Parked parked) throws IndexLostException {
        call();
        index.put(parked);
    }

    @Override
    public void remove(long number) throws IndexLostException {
        call();
        index.remove(number);
    }

    @Override
    public long size() {
        return index.size();
    }

    @Override
    public List<Parked> due(long until, int most) throws IndexLostException {
        call();
        return index.due(until, most);
    }

    @Override
    public List<Parked> after(long number, int most) throws IndexLostException {
        call();
        return index.after(number, most);
    }

    @Override
    public void close() {
        index.close();
    }
}
