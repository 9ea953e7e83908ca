// SPDX-License-Identifier: Apache-2.0
/**
 * What authors of plug-ins test with.
 *
 * <p>The promises of {@code org.postern.spi} are written here as tests. A plug-in's own test class implements the
 * contract of the interface that the plug-in implements, says how to make one, and inherits the tests:
 *
 * <pre>{@code
 * class PlainContractTest implements SaslMechanismContract {
 *     public SaslMechanism mechanism() {
 *         return new PlainMechanism();
 *     }
 * }
 * }</pre>
 *
 * <p>The contracts: {@link org.postern.testkit.SaslMechanismContract},
 * {@link org.postern.testkit.CredentialStoreContract}, {@link org.postern.testkit.SettingsStoreContract},
 * {@link org.postern.testkit.SpoolContract}. {@link org.postern.testkit.Canaries} look for secrets where none may be,
 * {@link org.postern.testkit.ManualClock} is moved by hand, {@link org.postern.testkit.ThreadLeak} finds threads that
 * were left behind.
 */
package org.postern.testkit;
