// SPDX-License-Identifier: Apache-2.0
/** SASL ANONYMOUS (RFC 4505): an example of a mechanism. */
package org.postern.examples.anonymous;
