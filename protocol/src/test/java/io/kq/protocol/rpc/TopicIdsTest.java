package io.kq.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TopicIdsTest {

    @Test
    void bytesAreInTheOrderOfTheText() {
        UUID id = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

        ByteString bytes = TopicIds.toBytes(id);

        assertThat(HexFormat.of().formatHex(bytes.toByteArray()))
                .isEqualTo("00112233445566778899aabbccddeeff");
        assertThat(TopicIds.fromBytes(bytes)).isEqualTo(id);
    }

    @Test
    void refusesAnyOtherLength() {
        assertThatThrownBy(() -> TopicIds.fromBytes(ByteString.copyFrom(new byte[15])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
