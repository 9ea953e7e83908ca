// SPDX-License-Identifier: Apache-2.0
/** The AUTH dialogue (RFC 4954): carries the messages of any SASL mechanism over an SMTP session. */
package org.postern.core.sasl;
