// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.Optional;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Userdata;
import org.postern.policy.lua.run.Values;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.MessageView;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.ReceivedMessage;

/** {@code msg}: a message for as long as the call about it lasts. A script that keeps it longer holds an empty shell. */
public final class MessageObject extends Userdata {

    private static final String PASSWORD = OutboundAuthSettings.PASS.key();

    /** The message that the call under way is about. */
    record Current(MessageObject message) {}

    private ReceivedMessage message;
    private MessageContext context;
    private Optional<String> chosenBinding = Optional.empty();
    private Optional<String> chosenGroup = Optional.empty();

    private MessageObject(ReceivedMessage message, MessageContext context) {
        this.message = message;
        this.context = context;
    }

    /** The message of a call that begins. */
    public static MessageObject open(LuaState state, ReceivedMessage message, MessageContext context) {
        MessageObject object = new MessageObject(message, context);
        state.attach(Current.class, new Current(object));
        state.attach(MessageView.class, message instanceof MessageView view ? view : null);
        return object;
    }

    /** The call is over. */
    public void close(LuaState state) {
        message = null;
        context = null;
        state.attach(Current.class, null);
        state.attach(MessageView.class, null);
    }

    /** The binding that the script has chosen. */
    public Optional<String> chosenBinding() {
        return chosenBinding;
    }

    /** The binding group that the script has chosen. */
    public Optional<String> chosenGroup() {
        return chosenGroup;
    }

    void choose(Optional<String> binding, Optional<String> group) {
        chosenBinding = binding;
        chosenGroup = group;
    }

    ReceivedMessage message(LuaState state) {
        if (message == null) {
            throw gone(state);
        }
        return message;
    }

    private static LuaError gone(LuaState state) {
        return state.error("the message is no longer there: the call that it was passed to is over");
    }

    /** The message with what is known of it at delivery; empty at reception. */
    Optional<MessageView> delivery(LuaState state) {
        return message(state) instanceof MessageView view ? Optional.of(view) : Optional.empty();
    }

    Optional<String> get(LuaState state, String name) {
        message(state);
        Optional<String> value = context.get(Values.toJava(name)).map(Values::fromText);
        if (name.equals(PASSWORD)) {
            value.ifPresent(state.attached(Secrets.class)::add);
        }
        return value.map(state::string);
    }

    /** A variable's value, or nothing. */
    String variable(LuaState state, String name) {
        return get(state, name).orElse("");
    }

    void set(LuaState state, String name, String value) {
        message(state);
        if (name.equals(PASSWORD)) {
            state.attached(Secrets.class).add(value);
        }
        try {
            context.set(Values.toJava(name), Values.toJava(value));
        } catch (IllegalArgumentException refused) {
            throw state.error(Values.fromText(String.valueOf(refused.getMessage())));
        }
    }

    boolean delete(LuaState state, String name) {
        message(state);
        return context.delete(Values.toJava(name));
    }

    @Override
    protected Object get(LuaState state, Object key) {
        Object method = ((LuaTable) state.registry().get(MessageLibrary.METHODS)).get(key);
        return method != null ? method : MessageLibrary.field(state, this, key);
    }

    @Override
    protected String kind() {
        return "ec_message";
    }
}
