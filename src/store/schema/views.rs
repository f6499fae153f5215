//! The views, in the types that both databases share.

diesel::table! {
    v_entries (run_id, ordinal) {
        run_id -> BigInt,
        ordinal -> Integer,
        source_id -> BigInt,
        import_id -> BigInt,
        path -> Text,
        digest -> Binary,
        run -> Integer,
        line -> Integer,
        experiment -> Nullable<Text>,
        tool -> Text,
        tool_version -> Nullable<Text>,
        host -> Nullable<Text>,
        kind -> Text,
        event -> Text,
        image -> Nullable<Text>,
        app -> Nullable<Text>,
        symbol -> Nullable<Text>,
        of_symbol -> Nullable<Text>,
        location -> Nullable<Text>,
        address -> Nullable<Text>,
        samples -> BigInt,
        percent -> Nullable<Double>,
        diff_percent -> Nullable<Double>,
        cpu -> Nullable<Integer>,
        process -> Nullable<BigInt>,
        thread -> Nullable<BigInt>,
    }
}

diesel::table! {
    v_imports (import_id) {
        import_id -> BigInt,
        status -> Text,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        program_version -> Text,
        arguments -> Text,
        sources -> BigInt,
        lines -> BigInt,
        rejected_lines -> BigInt,
        report -> Nullable<Text>,
    }
}

diesel::table! {
    v_supports (source_id, ordinal) {
        source_id -> BigInt,
        ordinal -> Integer,
        import_id -> BigInt,
        path -> Text,
        digest -> Binary,
        format -> Nullable<Text>,
        line -> Integer,
        arch -> Nullable<Text>,
        vendor -> Nullable<Text>,
        family -> Nullable<Integer>,
        model -> Nullable<Integer>,
        stepping -> Nullable<Integer>,
        microarch -> Nullable<Text>,
        kernel -> Nullable<Text>,
        virt -> Nullable<Text>,
        labels -> Nullable<Text>,
        event -> Text,
        supported -> SmallInt,
        derived -> SmallInt,
        code -> Nullable<Text>,
        formula -> Nullable<Text>,
        counters -> Nullable<Text>,
        unit_masks -> Nullable<Text>,
    }
}

diesel::table! {
    v_sources (source_id) {
        source_id -> BigInt,
        import_id -> BigInt,
        root -> Nullable<Text>,
        path -> Text,
        digest -> Binary,
        bytes -> BigInt,
        modified_at -> Nullable<BigInt>,
        format -> Nullable<Text>,
        parser_version -> Integer,
        taken_for -> Nullable<Text>,
        notes -> Nullable<Text>,
        lines -> Integer,
        result_lines -> Integer,
        furniture_lines -> Integer,
        foreign_lines -> Integer,
        rejected_lines -> Integer,
        runs -> Integer,
        results -> Integer,
        sides -> Nullable<Text>,
        entries -> Integer,
        supports -> Integer,
    }
}

diesel::table! {
    v_runs (run_id) {
        run_id -> BigInt,
        source_id -> BigInt,
        import_id -> BigInt,
        path -> Text,
        digest -> Binary,
        run -> Integer,
        line -> Integer,
        experiment -> Nullable<Text>,
        tool -> Text,
        tool_version -> Nullable<Text>,
        host -> Nullable<Text>,
        labels -> Nullable<Text>,
        repetition -> Nullable<BigInt>,
        arch -> Nullable<Text>,
        vendor -> Nullable<Text>,
        family -> Nullable<Integer>,
        model -> Nullable<Integer>,
        stepping -> Nullable<Integer>,
        microarch -> Nullable<Text>,
        kernel -> Nullable<Text>,
        virt -> Nullable<Text>,
        origins -> Text,
        command -> Nullable<Text>,
        target -> Nullable<Text>,
        started_at -> Nullable<BigInt>,
        wall_seconds -> Nullable<Double>,
        wall_spread_percent -> Nullable<Double>,
        user_seconds -> Nullable<Double>,
        sys_seconds -> Nullable<Double>,
        repeats -> Nullable<Integer>,
        tool_id -> BigInt,
        environment_id -> BigInt,
    }
}

diesel::table! {
    v_rejects (import_id, ordinal) {
        import_id -> BigInt,
        ordinal -> BigInt,
        source_id -> Nullable<BigInt>,
        root -> Nullable<Text>,
        path -> Text,
        line -> Integer,
        col -> Integer,
        kind -> Text,
        reason -> Text,
        text -> Text,
    }
}
