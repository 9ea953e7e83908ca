// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** The class loaders that bundles had before they were updated. They are held weakly, and soon not at all. */
final class OldLoaders {

    /**
     * Felix 7.0.5 now and then forgets to take a thread out of the table of those that load a class
     * (BundleClassLoader.m_classLocks), when two want the same class at once; a virtual thread that has ended still holds
     * its task, and that the engine it worked for. There is one place per class, so this does not grow with the updates.
     */
    private static final int KEPT_BY_FELIX = 2;

    private final Map<String, List<WeakReference<ClassLoader>>> loaders = new TreeMap<>();

    /** To be told before the update, and in a method of its own, so that no frame of a test holds what must go. */
    void remember(Bundle bundle) {
        ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
        List<WeakReference<ClassLoader>> before =
                loaders.computeIfAbsent(bundle.getSymbolicName(), name -> new ArrayList<>());
        assertEquals("a loader of its own", false, before.stream().anyMatch(old -> old.refersTo(loader)));
        before.add(new WeakReference<>(loader));
    }

    /** How many of which bundle are there still, where they are more than Felix keeps. */
    Map<String, Long> left() {
        System.gc();
        Map<String, Long> left = new TreeMap<>();
        loaders.forEach((bundle, each) -> left.put(
                bundle, each.stream().filter(loader -> !loader.refersTo(null)).count()));
        left.values().removeIf(count -> count <= KEPT_BY_FELIX);
        return left;
    }
}
