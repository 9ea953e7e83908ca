// SPDX-License-Identifier: Apache-2.0
/**
 * SASL mechanisms that come as a {@link javax.security.sasl.SaslClientFactory}: the Java runtime's own, and those that
 * other bundles register as services.
 */
package org.postern.auth.jdk;
