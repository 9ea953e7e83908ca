// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs a contract against an implementation and says which of its tests fail. */
final class Failures {

    private Failures() {}

    static Set<String> of(Class<?> contractTest) {
        // A wrong implementation nested in the test that extends it would run that test again, without end.
        if (contractTest.getSuperclass() == contractTest.getEnclosingClass()) {
            throw new IllegalArgumentException(contractTest + " extends the test that it stands in");
        }
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contractTest))
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(event ->
                        (MethodSource) event.getTestDescriptor().getSource().orElseThrow())
                .map(MethodSource::getMethodName)
                .collect(Collectors.toSet());
    }
}
