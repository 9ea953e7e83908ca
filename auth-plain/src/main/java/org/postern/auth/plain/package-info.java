// SPDX-License-Identifier: Apache-2.0
/** SASL PLAIN (RFC 4616). */
package org.postern.auth.plain;
