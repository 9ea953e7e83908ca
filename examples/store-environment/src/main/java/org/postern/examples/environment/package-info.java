// SPDX-License-Identifier: Apache-2.0
/** Credentials from environment variables: an example of a store. */
package org.postern.examples.environment;
