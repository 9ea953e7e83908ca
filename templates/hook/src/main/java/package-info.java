// SPDX-License-Identifier: Apache-2.0
/** The hook "sample", which chooses the account of a message. */
package org.example.sample;
