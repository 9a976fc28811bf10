//! OKX's names of what an order, amendment or cancellation is made of.

macro_rules! members {
    ($($name:ident = $text:literal $(| $more:literal)*),+ $(,)?) => {
        /// A member of an item. Names that mean the same to us are one member.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)] // each is named in the source below
        pub enum Member { $($name),+ }

        impl Member {
            /// The member of a name; nothing for names that mean nothing here.
            #[must_use]
            pub fn of(name: &str) -> Option<Self> {
                match name {
                    $($text $(| $more)* => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// Its name on the wire; the first, where it has several.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

// Source: OKX v5, "Trade", request parameters of each endpoint. Those of nearly every order come first.
members! {
    InstId = "instId",
    TdMode = "tdMode",
    Side = "side",
    OrdType = "ordType",
    Px = "px",
    Sz = "sz",
    ClOrdId = "clOrdId",
    Tag = "tag",
    OrdId = "ordId",
    TgtCcy = "tgtCcy",
    InstIdCode = "instIdCode",
    NewPx = "newPx",
    NewSz = "newSz",
    ReqId = "reqId",
    CxlOnFail = "cxlOnFail",
    ReduceOnly = "reduceOnly",
    StpMode = "stpMode",
    BanAmend = "banAmend",
    PxAmendType = "pxAmendType",
    TradeQuoteCcy = "tradeQuoteCcy",
    SlippagePct = "slippagePct",
    AttachAlgoOrds = "attachAlgoOrds",
    OptionPrice = "pxUsd" | "pxVol",
    NewOptionPrice = "newPxUsd" | "newPxVol",
    FlatTrigger = "tpTriggerPx" | "tpOrdPx" | "tpTriggerPxType" | "tpTriggerRatio"
        | "slTriggerPx" | "slOrdPx" | "slTriggerPxType" | "slTriggerRatio",
    NewFlatTrigger = "newTpTriggerPx" | "newTpOrdPx" | "newTpTriggerPxType" | "newTpTriggerRatio"
        | "newSlTriggerPx" | "newSlOrdPx" | "newSlTriggerPxType" | "newSlTriggerRatio"
        | "newTriggerPx" | "newOrdPx" | "newTriggerPxType" | "newTriggerRatio",
    TimeOut = "timeOut",
    InstType = "instType",
    InstFamily = "instFamily",
    LockInterval = "lockInterval",
}
