# Words used inside other texts
time-soon = soon
word-free = free
method-stars = ⭐ Stars
method-card = 💳 Card
method-crypto = 🪙 Crypto
method-wallet = 👛 Wallet
method-btc = ₿ BTC
method-ltc = Ł LTC
language-name = English

# Menu and start
bot-description = { $shop }: look around, pay and receive your goods right here in the chat. Press Start.
bot-short-description = { $shop }: a shop in your chat
start-hello = 👋 Hello, { $name }!
start-welcome = Welcome to { $shop }!
start-hint = Choose below, or write what you are looking for. Every order stays in one message that keeps itself up to date.
start-link-gone = This link leads to something the shop no longer has. Here is everything else.
start-link-unknown = I do not know this link. Here is the shop.
fallback-text = I did not understand that. Write what you are looking for, or the code of an order or voucher; all else is behind the buttons.
fallback-media = I can read words only. Write what you are looking for, or the code of an order or voucher; all else is behind the buttons.
fallback-command = I know no command { $command }. /help says what there is; the buttons below lead everywhere.
fallback-old-button = This button is from an older message. Here is a fresh screen.
menu-shop = 🛍 Shop
menu-app = Shop app
menu-basket = 🧺 Basket
menu-basket-count = 🧺 Basket ({ $count })
menu-orders = 📦 My orders
menu-wallet = 👛 Wallet
menu-referrals = 🤝 Invite friends
menu-profile = 👤 Profile
menu-language = 🌐 Language
menu-help = ❓ Help
menu-back = ‹ Back
menu-home = 🏠 Menu

# Shop
shop-title = Shop
shop-empty = There is nothing on sale at the moment. Please look in later.
shop-choose = Collect in a city, choose a category, or write what you are looking for.
shop-closed-note = The shop is not taking orders at the moment. You can look around.
shop-other = Other
shop-city-title = Districts in { $city }
shop-list-empty = Nothing here at the moment.
shop-list-found = { $count ->
    [one] { $count } product
   *[other] { $count } products
  }
product-from = from { $price }
product-amounts = { $minimum } to { $maximum }, as you like
product-option = { $name }: { $value }
product-choose = 👆 Please choose: { $options }
product-amount-own = ✏️ Another amount
amount-bounds = { $minimum } to { $maximum }
amount-write = Write how much: { $bounds }.
amount-misfit = That amount is not possible. It may be { $bounds }.
shop-list-cut = These are the first { $count }. To find others, write what you are looking for.
search-title = 🔎 { $text }
search-corrected = Nothing is called so. This is for “{ $text }”.
search-none = I found nothing called “{ $text }”. Try fewer or other words, or look around by the buttons.
inline-none = Nothing found. Look around the shop
inline-open = Open in the shop
product-gone = This product is no longer on sale.
product-or = or
product-stock-plenty = ✅ In stock
product-stock-few = { $count ->
    [one] ⚠️ Only { $count } left
   *[other] ⚠️ Only { $count } left
  }
product-stock-none = ❌ Sold out
product-stock-always = ✅ Available at once
product-pickup = 📍 Collect at { $place }
product-hours = 🕒 { $hours }
product-limit = { $count ->
    [one] At most { $count } a person
   *[other] At most { $count } a person
  }
product-buy = Buy now
product-add = Add to basket
product-share = ↗ Share
product-added = Added to the basket
product-basket-full = There is no room for more of it

# Basket
basket-title = Your basket
basket-empty = Your basket is empty.
basket-order = Order · { $total }
basket-clear = Clear the basket
basket-cleared = The basket is empty now
basket-clash = These products cannot be paid together: no method is allowed for all of them. Please order them one group at a time.
basket-group = Order { $number }: { $titles }
basket-gone = No longer on sale: { $titles }

# Confirm
confirm-title = Please check your order
confirm-total = Total: { $total }
confirm-tax = including tax { $tax }
confirm-how = Choose how to pay: that tap places the order. We keep it for you for { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
  }.
confirm-how-seconds = Choose how to pay: that tap places the order. We keep it for you for { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
  }.
confirm-wallet = In your wallet: { $balance }
confirm-no-method = There is no way to pay for this at the moment. Please ask the shop with /support.
confirm-top-up = ➕ Top up { $amount }
confirm-auto-buy = ⚡ Top up { $amount }, then buy by itself
confirm-free = Get it for free
confirm-changed = Your basket has changed since. Please check it again.
confirm-more = One more
confirm-less = One less

# Promo codes
code-enter = 🎟 I have a code
code-remove = ✕ Remove code { $code }
code-removed = The code is removed
code-ask = 🎟 Which code?
code-ask-how = Write it as your next message.
code-entered = 🎟 Code { $code } is entered. It counts as soon as you order what it is for.
code-saving = 🎟 Code { $code }: −{ $amount }
code-not-now = 🎟 Code { $code } takes nothing off: { $why }
code-minimum = 🎟 Code { $code } counts for orders from { $amount }.
code-unknown = There is no such code. Please look at it again.
code-tooMany = These were too many codes at once. Please try again in ten minutes.

# Gifts and vouchers
gift-button = 🎁 Give
redeem-button = 🎟 Redeem a code
gift-title = 🎁 Gift by link
gift-how = Choose an amount: you get a link for a friend. Whoever opens it first within a day has the money in the wallet here; if nobody does, it comes back to you.
gift-most = You can give up to { $amount }.
gift-waits = ⏳ { $amount } waits to be opened until { $time }
gift-open = Link over { $amount }
gift-of = 🎁 Gift of { $amount }
gift-until = Pass this link on. It opens once, until { $time }; then the money comes back to you.
gift-share = ↗ Share
gift-copy = Copy the link
gift-share-words = A gift of { $amount } for you at { $shop }!
gift-take-back = Take it back
gift-claimed = It was opened: the money has arrived.
gift-over = It is over: the money is in your wallet.
gift-too-many = Ten of your gifts wait to be opened. Please take one back first.
redeem-ask = 🎟 Which voucher code?
voucher-unknown = There is no such voucher. Please look at it again.
voucher-over = This is no longer valid.
voucher-claimed = Somebody has this already.
voucher-own = This is your own gift. Pass the link on to a friend.

# Order
order-title = Order { $code }
order-working = …
order-placing = Reserving it for you…
order-changing = Changing the method…
order-cancelling = Cancelling…
order-asking = Asking the payment provider…
order-later = This takes longer than usual. I will write here as soon as it is done; you need not do anything.
order-later-again = Try again
order-later-failed = This did not work in time. Nothing was charged. Please try again.
order-existing = You already have this order open. Here it is.
order-bought = You have bought this basket already. Here is the order.
order-awaiting-payment = ⏳ Waiting for your payment
order-awaiting-settlement = 👀 Your payment was seen
order-paid = ✅ Paid, your goods are being prepared
order-delivered = 🎉 Delivered
order-unfulfillable = 😔 Paid, but no longer available
order-refunded = ↩️ Refunded
order-expired = ⌛ Not paid in time
order-cancelled = ✖️ Cancelled
order-line = { $quantity } × { $title }
order-total = Total: { $total }
order-tax = Tax included: { $tax }
order-until = Please pay by { $time } ({ $countdown }). We keep it for you until then.
order-on-its-way = Your payment is on its way. We are waiting for the final word, usually a few seconds.
order-settling = The time to pay is over, but your payment was seen before. We keep your goods and wait for the bank until { $time } ({ $countdown }).
order-partial = Received { $received }. Still missing: { $missing }.
order-opening = The payment page is being made, one moment…
order-payment-failed = That payment did not work. Please try again or choose another method.
order-preparing = Your goods arrive here in a moment.
order-thanks = Thank you for your purchase!
order-paid-by = Paid with { $method }
order-sorry = While your payment was on its way the last piece was gone. We are sorry. Your money goes back by itself.
order-sorry-refunded = While your payment was on its way the last piece was gone. We are sorry.
order-expired-hold = The time to pay is over.
order-expired-settlement = The payment did not arrive.
order-cancelled-customer = You cancelled this order.
order-cancelled-staff = The shop cancelled this order.
order-nothing-charged = Nothing was charged.
order-in-wallet = { $amount } had arrived and is in your wallet now.
order-in-basket = What you chose is back in your basket.
order-over = { $amount } more than needed arrived and is in your wallet.
order-tolerated = { $amount } less than the price arrived. That is close enough: the shop takes it as paid.
order-refund-requested = Refund of { $amount }: on its way
order-refund-succeeded = Refund of { $amount }: done
order-refund-failed = Refund of { $amount }: did not work, the shop looks into it
order-money-requested = Returned to you: { $amount }, on its way
order-money-succeeded = Returned to you: { $amount }
order-money-failed = Return of { $amount }: did not work, the shop looks into it
order-delivery-waiting = on its way
order-delivery-staff = the shop's staff hand it over
order-delivery-handed = collected
order-delivery-revoked = taken back
order-handover-code = Pickup code: { $code }
order-placed = Placed { $time }
order-pay = Pay { $amount }
order-pay-with = { $method } · { $amount }
order-coin = { $amount }: in which coin?
order-other-coin = Another coin
order-cancel = Cancel the order
order-refresh = Refresh
order-i-paid = I have paid
order-show = 👁 Show: { $title }
order-resend = 📨 Send again
order-resending = Sending it again…
order-reminder = Order { $code }: please pay by { $time } ({ $countdown }), else it ends and nothing is charged.
order-open = Open the order

# Goods
goods-title = Your goods: { $title }
goods-tap = Tap to uncover. Keep it to yourself.
goods-copy = Copy
goods-copy-number = Copy { $number }
goods-open-link = Open
goods-hidden = Your goods are here: { $title }. Press the button to see them.
goods-show = 👁 Show
goods-file = Your goods: { $title } (order { $code })
goods-unavailable = These goods cannot be shown: the order was taken back.
goods-none = There is nothing to show for this yet.
goods-open-number = Open { $number }
grant-title = ✅ Yours from now on: { $title }
grant-credits = { $count ->
    [one] +{ $count } credit
   *[other] +{ $count } credits
}
grant-credits-balance = { $count ->
    [one] You have { $count } credit.
   *[other] You have { $count } credits.
}
grant-access = Access for { $duration }
grant-lessons = { $count ->
    [one] { $count } lesson:
   *[other] { $count } lessons:
}
duration-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
duration-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
duration-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
duration-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
thanks-title = ❤️ Thank you!
thanks-amount = You gave { $amount }: { $title }
pickup-title = Ready to collect: { $title }
pickup-quantity = { $count ->
    [one] { $count } piece
   *[other] { $count } pieces
  }
pickup-where = 📍 { $name }, { $address }
pickup-city = { $city }, { $district }
pickup-hours = 🕒 { $hours }
pickup-code = Show this code to the staff: { $code }
pickup-copy = Copy the code
pickup-map = 🗺 Map

# Money that did not fit, refunds
stray-late-wallet = { $amount } for order { $code } arrived too late. It is in your wallet now.
stray-second-wallet = { $amount } for order { $code } arrived although the order needed no more. It is in your wallet now.
stray-late-back = { $amount } for order { $code } arrived too late. It went back to you.
stray-second-back = { $amount } for order { $code } arrived although the order needed no more. It went back to you.
refund-succeeded = { $amount } for order { $code } went back to where it came from.
refund-failed = The refund of { $amount } for order { $code } could not be sent back. The shop looks into it.
refund-failed-wallet = The refund of { $amount } for order { $code } could not be sent back, so it is in your wallet now.

# Mini App
app-tab-shop = Shop
app-tab-basket = Basket
app-tab-orders = Orders
app-tab-wallet = Wallet
app-tab-more = More
app-tabs = Parts of the shop
app-search = Search the shop
app-filters = Filters
app-all-cities = All cities
app-all-districts = All districts
app-all-categories = All categories
app-all-kinds = All kinds
app-city = City
app-district = District
app-category = Category
app-kind = Kind
app-found = { $count ->
    [one] { $count } product
   *[other] { $count } products
}
app-nothing-title = Nothing found
app-nothing-text = Try another word, or look through everything.
app-corrected = Shown for “{ $words }”
app-show-all = Show everything
app-loading = Loading…
app-load-more = Show more
app-kind-digital = Digital
app-kind-pickup = To collect
app-kind-credits = Credits
app-kind-access = Access
app-kind-donation = Donations
app-kind-course = Courses
app-before = before: { $price }
app-off = -{ $percent }%
app-photo = Photo { $number } of { $count }
app-quantity = Quantity
app-one-less = One less
app-one-more = One more
app-add = Add · { $price }
app-buy-now = Buy now
app-added = Added to the basket
app-share = Share
app-sold-out = Sold out
app-lessons = { $count ->
    [one] { $count } lesson
   *[other] { $count } lessons
}
app-collect = Where to collect
app-about = About it
app-between = From { $min } to { $max }
app-limit = { $count ->
    [one] At most { $count } a person
   *[other] At most { $count } a person
}
app-in-basket = { $count ->
    [one] { $count } in your basket
   *[other] { $count } in your basket
}
app-basket = Basket
app-basket-empty = Your basket is empty
app-basket-empty-text = What you add stays here until you order it.
app-to-shop = Look around
app-no-longer = No longer on sale
app-sum = Without discounts
app-saved = You save
app-total = Total
app-tax = Tax included
app-checkout = Checkout · { $total }
app-checkout-title = Checkout
app-how = How would you like to pay?
app-pay = Pay { $total }
app-get-free = Get it for free
app-have = You have { $amount }
app-no-method = There is no way to pay for this at the moment. Please ask the shop.
app-clash = These products cannot be paid together. Please order them one group at a time.
app-group = Order this group · { $total }
app-holds = We keep it for you for { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} after you press Pay.
app-payment = Payment
app-time-left = { $time } left to pay
app-time-over = The time to pay is over
app-open-page = Open the payment page
app-page-note = The page of the payment provider opens beside the shop. Come back here afterwards: this page notices by itself.
app-pay-stars = Pay with Stars
app-send-exactly = Send exactly
app-to-address = To this address
app-memo = With this memo
app-only-network = Only { $coin } on its own network, in one transfer. Anything else may be lost.
app-qr = QR code with the address and the amount
app-transfer-account = Account number
app-transfer-phone = Phone number
app-transfer-name = Recipient
app-transfer-bank = Bank
app-transfer-title = Transfer title
app-transfer-note = After the transfer, send a photo or a PDF of the receipt to the chat. The shop looks at it and credits your wallet.
app-copy = Copy
app-copied = Copied
app-seen-text = Your payment was seen. We are waiting for the final word, usually a few seconds.
app-cancelled-text = Nothing was charged. What you chose is back in your basket.
app-expired-text = The time to pay is over. What you chose is back in your basket.
app-failed-text = That payment did not work. Nothing was charged.
app-delivered-text = Thank you! Your goods are in the order and in the chat.
app-paid-text = Thank you! Your goods arrive in a moment.
app-credited-text = The money is in your wallet.
app-deposit-over-text = No money arrived in time.
app-back-to-basket = Back to the basket
app-to-chat = Open the chat
app-closed = The shop is closed at the moment. You can look around.
app-retry = Try again
app-offline = No connection
app-offline-text = The shop cannot be reached. Check your connection.
app-broken = That did not work
app-broken-text = Something went wrong on our side. Please try again in a moment.
app-slow-down = That was a little fast
app-slow-down-text = Please wait a moment and try again.
app-gone = Not here any more
app-gone-text = This product is no longer on sale.
app-outside = Open this in Telegram
app-outside-text = The shop opens from its chat in Telegram.
app-session = Please open it again
app-session-text = It was open for more than a day. Close it and open it from the chat.
app-not-met = Say hello first
app-not-met-text = Press Start in the shop's chat, then come back.
app-banned = You cannot use this shop
app-banned-text = If this is a mistake, write to the shop.
app-price-changed = The price has changed. Please look at the new total before you pay.
app-later = This takes longer than usual. Press again: nothing is charged twice.
app-donate-amount = How much would you like to give?
app-code = Promo code
app-code-apply = Apply
app-code-applied = Code applied: { $code }
app-code-remove = Remove the code
app-choose-coin = In which coin?
app-cancel = Cancel the order
app-cancel-sure = Cancel this order? What you chose goes back to your basket.
app-see-order = See the order
app-see-wallet = See the wallet
app-try-again = Try again
app-orders = Your orders
app-orders-empty = No orders yet
app-orders-empty-text = What you buy is kept here, with your goods.
app-order = Order { $code }
app-placed = Placed { $time }
app-paid-with = Paid with { $method }
app-goods = Your goods
app-show = Show
app-hide = Hide
app-pickup-code = Pickup code
app-resend = Send again to the chat
app-resent = On its way to the chat
app-file-in-chat = The file is in the chat.
app-pay-order = Pay now
app-wallet = Wallet
app-balance = Balance
app-cash = Money
app-bonus = Bonus
app-stars-money = From Stars, for digital goods
app-debt = You owe the shop { $amount }. A top-up settles it first.
app-entries = What happened
app-entries-empty = Nothing yet
app-entries-empty-text = Top-ups, purchases and bonuses will be listed here.
app-after = { $balance } after
app-refill = Top up
app-refill-title = Top up the wallet
app-amount = Amount
app-amount-wrong = Write an amount like 50 or 49.90.
app-amount-range = From { $min } to { $max }
app-refill-pay = Top up { $amount }
app-refill-none = The wallet cannot be topped up at the moment.
app-invite = Invite friends
app-invite-text = You earn { $percent } % of everything your friends top up, as a bonus in your wallet.
app-invite-share = Share the link
app-invite-link = Your link
app-invite-words = Have a look at { $shop }!
app-friends = { $count ->
    [one] { $count } friend
   *[other] { $count } friends
}
app-earned = Earned
app-held = On hold
app-your-tier = Your tier
app-tier-discount = { $percent } % off every price
app-next-tier = { $amount } more to { $tier }
app-settings = Settings
app-language = Language
app-how-to-find = How to find it
app-open-link = Open the link
app-refund = Refund
app-other-way = Another way to pay
app-give = Give { $amount }
app-code-from = Counts for orders from { $amount }
app-gift-make = Make a gift { $amount }
app-gift-none = Nothing to give yet
app-gift-none-text = What you give comes from your wallet. Top it up first.
app-gift-back = The money is back in your wallet
app-redeem = Redeem
app-redeemed = { $amount } is in your wallet
app-claim-what = What is wrong with it?
app-claim-send = Send to the shop
app-claim-sure = Take this back? The shop will no longer look at it.
app-claim-open = The shop has your message and decides: another piece, your money back, or an answer why not. We write to you in the chat.
app-claim-replaced = You get another piece instead. It is here in the order and in the chat.

# Orders and wallet
orders-title = Your orders
orders-empty = You have no orders yet.
orders-row = { $code } · { $status } · { $total }
orders-unknown = I find no order { $code } of yours.
wallet-title = Your wallet
wallet-balance = Balance: { $amount }
wallet-cash = Money: { $amount }
wallet-stars = From Stars, for digital goods: { $amount }
wallet-bonus = Bonus: { $amount }
wallet-debt = You owe the shop { $amount }. The wallet cannot pay until this is settled; a top-up settles it first.
wallet-empty = Nothing has happened here yet.
wallet-refill = ➕ Top up
wallet-entry = { $amount } → { $balance }
wallet-reason-opening = Opening balance
wallet-reason-deposit = Top-up
wallet-reason-pays = Payment of order { $code }
wallet-reason-release = Returned from order { $code }
wallet-reason-refund = Refund of order { $code }
wallet-reason-late = Late or second payment of order { $code }
wallet-reason-adjustment = Adjusted by the shop
wallet-reason-taken = Taken back by the payment provider
wallet-reason-returned = Given back by the payment provider
wallet-reason-commission = Commission for a friend's top-up
wallet-reason-commission-back = Commission taken back
wallet-reason-deposit-refund = Top-up given back in Stars
wallet-reason-payout = Paid out
wallet-reason-payout-back = Payout came back
wallet-reason-gift-made = Gift by link
wallet-reason-gift-claimed = Gift from a friend
wallet-reason-gift-back = Gift nobody opened
wallet-reason-voucher = Voucher
wallet-reason-other = Change of the balance

# Top-up
refill-title = Top up your wallet
refill-choose = Choose an amount, or write /refill with another one behind it.
refill-range = From { $min } to { $max }.
refill-method = { $amount } into your wallet. How would you like to pay?
refill-stars = What you pay in Stars buys digital goods only.
refill-coin = { $amount } into your wallet. In which coin?
refill-closed = The wallet cannot be topped up at the moment. Please come back later.
refill-again = Top up again
refill-no-amount = That is no amount I understand. Write it like /refill 50 or /refill 49.90.
refill-link-over = This link was opened before, or is older than a day. Choose an amount here.
refill-any-amount = Or send any amount of a coin to an address of your own:
deposit-line = Top-up of your wallet
deposit-opened = ⏳ One moment
deposit-waiting = ⏳ Waiting for your payment
deposit-seen = 👀 Your payment was seen
deposit-confirming = 🔗 Your payment is confirmed
deposit-credited = ✅ In your wallet
deposit-partial = ✅ In your wallet, less than planned
deposit-expired = ⌛ Ended
deposit-rejected = ❌ Not opened
deposit-reversed = ↩️ Taken back
deposit-head = Top-up { $code }: { $amount }
deposit-opening = Preparing your top-up…
deposit-until = Please pay by { $time } ({ $countdown }).
deposit-pay-by = Pay by { $method } on the page behind the button. This message shows when the money is here.
deposit-pay-stars = Pay { $amount } with the button below. It buys digital goods only. This message shows when the money is here.
deposit-shows = This message shows when the money is here.
deposit-verdict = The payment provider is still checking it. It goes to your wallet by itself, you need not do anything.
deposit-network = It is on its way. The network confirms it in a few minutes to an hour; it goes to your wallet by itself, you need not do anything.
deposit-last-word = It is confirmed and is being passed on, usually within minutes. It goes to your wallet by itself, you need not do anything.
deposit-chain-seen = { $units } is on its way to your wallet. It is credited after { $count ->
    [one] { $count } confirmation
   *[other] { $count } confirmations
} of the network; you need not do anything.
deposit-chain-confirming = { $units } is in a block. It is credited after { $count ->
    [one] { $count } confirmation
   *[other] { $count } confirmations
} of the network; you need not do anything.
deposit-chain-gone = { $units } did not come: the transaction was replaced by another one, or the network dropped it. Should it come all the same, it goes to your wallet.
deposit-arrived = { $credited } is in your wallet now.
deposit-less-arrived = { $credited } of { $amount } arrived and is in your wallet now.
deposit-less = { $credited } of { $amount } arrived.
deposit-paid-debt = { $debt } paid what you owed the shop, { $rest } is in your wallet now.
deposit-taken-back = { $amount } of this top-up was taken back by the payment provider.
deposit-taken-debt = What your wallet had not is what you owe the shop now.
deposit-going-back = The shop gives { $amount } of this top-up back to you in Stars.
deposit-given-back = The shop gave { $amount } of this top-up back to you in Stars.
deposit-back-failed = The Stars for { $amount } of this top-up could not be sent back. The shop looks into it.
deposit-over = The time to pay is over.
deposit-cancelled = You cancelled this top-up.
deposit-late = Nothing was charged. Should money arrive all the same, it goes to your wallet.
deposit-late-stars = Nothing was charged. Stars that are paid later go back to you.
deposit-refused = The payment provider did not open it. Nothing was charged; please try again a little later.
deposit-cancel = Cancel the top-up
deposit-open = Open the top-up
deposit-unknown = There is no top-up { $code }.
deposit-notice = 👛 { $amount } has arrived in your wallet (top-up { $code }).
deposit-notice-debt = 👛 { $amount } has arrived (top-up { $code }).
deposit-notice-taken = ↩️ The payment provider took back { $amount } of top-up { $code }.
deposit-notice-returned = 👛 The payment provider gave { $amount } of top-up { $code } back to you.
deposit-notice-refunded = ↩️ { $amount } of top-up { $code } went back to you.
deposit-notice-late = ↩️ { $amount } for top-up { $code } arrived too late. It went back to you.
deposit-notice-second = ↩️ { $amount } for top-up { $code } arrived although it needed no more. It went back to you.
deposit-notice-back-failed = { $amount } of top-up { $code } could not be sent back to you. The shop looks into it.

# Friends
referral-title = Invite friends
referral-how = Send your link to people who do not know the shop yet. Whoever opens it on their very first visit is your friend here for good.
referral-friends = { $count ->
    [0] Nobody has come by your link yet.
    [one] { $count } friend has come by your link.
   *[other] { $count } friends have come by your link.
  }
referral-copy = Copy the link
referral-share = Share
referral-share-words = Have a look at { $shop }!
referral-friends-list = 👥 Who came
referral-friends-title = Who came by your link
referral-friends-none = Nobody yet. Send your link to a friend.
referral-friend = { $name }, since { $time }
referral-nameless = Somebody
referral-own-link = This is your own link: send it to your friends.
referral-no-newcomer = An invitation counts at the very first visit only, so this link changes nothing for you. Here is the shop.
notice-invited = 🤝 A friend invited you here. Invite yours with a link of your own.
notice-friend-joined = { $count ->
    [one] 🤝 Somebody opened the shop by your link: your first friend here.
   *[other] 🤝 Somebody opened the shop by your link: you have { $count } friends here now.
  }
referral-earn = You earn { $percent } % of everything they top up, as a bonus in your wallet.
referral-earned = Earned so far: { $amount }
referral-held = On hold until the payments are certain: { $amount }
referral-tier = Your tier: { $tier }
referral-tier-discount = Your tier: { $tier }, { $discount } % off every price
referral-progress = { $bar } { $missing } to { $tier }
referral-leaders = 🏆 Leaderboard
tier-bronze = 🥉 Bronze
tier-silver = 🥈 Silver
tier-gold = 🥇 Gold
tier-platinum = 💠 Platinum
tier-diamond = 💎 Diamond
leader-title = 🏆 Who earned the most
leader-none = Nobody has earned anything yet. Be the first.
leader-row = { $place } { $name } – { $amount }
leader-you = You
leader-join = Invite a friend, and you are on it too.
notice-commission-paid = 🤝 { $amount } for you: a friend of yours topped up. It is in your wallet as a bonus.
notice-commission-taken-back = ↩️ A friend's top-up was taken back by the payment provider, and { $amount } of your earnings with it.
notice-commission-given-again = 🤝 A friend's top-up that was taken back is valid again: { $amount } for you.
notice-earnings = Earned so far: { $amount }
notice-tier-higher = 🎉 You have reached a new tier: { $tier }
notice-tier-lower = Your tier is { $tier } now.
notice-tier-discount = With it every price is { $discount } % lower for you.
notice-gift-received = 🎁 A friend gave you { $amount }. It is in your wallet.
notice-voucher-claimed = 🎟 Your voucher brought { $amount }. It is in your wallet.
notice-gift-claimed = 🎁 Your gift of { $amount } was opened.
notice-gift-back = ⌛ Nobody opened your gift of { $amount } in time. The money is back in your wallet.
notice-gift-taken = ↩️ You took your gift of { $amount } back. The money is in your wallet.
notice-written-off = ✅ The shop wrote off { $amount } of what you owed it.
notice-added = 👛 The shop put { $amount } into your wallet.
notice-taken = 👛 The shop took { $amount } from your wallet.

# Paying in coins
coin-send = Send exactly { $units } on the network { $network } to this address:
coin-memo = With the memo { $memo }; without it the money cannot be found.
coin-only = Only { $coin } on { $network }: anything else sent there is lost. Less or more is no harm, what arrives is yours.
coin-copy-address = Copy the address
coin-copy-amount = Copy { $units }
coin-copy-memo = Copy the memo
coin-qr = QR code
coin-qr-over = There is nothing to pay there any more.
coin-from = { $coin }: from { $amount }
coin-about = { $coin }: about { $units }
chain-title = Top up with { $coin }
chain-send = Send any amount of { $coin } to this address. It is yours alone and stays yours:
chain-only = Send only { $ticker } on the network of { $coin } here; anything else would be lost.
chain-confirmations = It is credited after { $count ->
    [one] { $count } confirmation
   *[other] { $count } confirmations
}, usually within about { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}. I write when it is seen and when it is credited.
chain-much = More than { $amount } at once waits for { $count ->
    [one] { $count } confirmation
   *[other] { $count } confirmations
}.
chain-rate = { $rate } for what is seen until { $time }; later the rate of the moment counts.
chain-look = 🔄 I have sent it
chain-looking = Looking…
chain-looked = I am looking at the network now. As soon as your payment is seen there, I write.
chain-open = Open the address
chain-closed = { $coin } cannot be taken at the moment. Please choose another way or come back later.

# Profile
profile-title = Your profile
profile-wallet = 👛 In your wallet: { $amount }
profile-orders = { $count ->
    [0] 📦 No orders yet
    [one] 📦 { $count } order
   *[other] 📦 { $count } orders
  }
profile-friends = { $count ->
    [0] 🤝 No friends invited yet
    [one] 🤝 { $count } friend
   *[other] 🤝 { $count } friends
  }
profile-language = 🌐 Language: { $language }
profile-badges = Your badges
profile-badges-none = No badges yet. The first purchase brings the first one.
profile-badges-left = { $count ->
    [one] { $count } more to get
   *[other] { $count } more to get
  }
achievement-firstPurchase = 🛍 First purchase
achievement-firstTopUp = 👛 First top-up
achievement-firstFriend = 🤝 First friend
achievement-tenFriends = 🎊 Ten friends
achievement-bigSpender = 🏆 Big spender
achievement-silver = 🥈 Silver tier
achievement-gold = 🥇 Gold tier
achievement-platinum = 💠 Platinum tier
achievement-diamond = 💎 Diamond tier
notice-achievement = A new badge for you: { $badge }

# Language and help
language-title = Choose your language
language-set = I speak English with you now.
help-title = What you can do here
help-find = 🔎 Write a name, and I look for it. All there is: /shop
help-inline = 📣 { $bot } and a name, in any chat, brings a card there.
help-buy = 🛒 What you buy comes into this chat and stays in /orders.
help-code = 🎟 A promo code or a voucher’s code: just write it here.
help-gift = 🎁 Money from your wallet makes a gift, by link.
help-watch = 🔔 Sold out? Its card has a button: I write when it is back.
help-claim = 🛠 Faulty? Within the warranty the order has a button.
help-app = 📱 “{ $button }” beside the input: all of it as an app.
help-more = /profile /referrals /language /status
    Help with a payment: /paysupport
    The shop: /support /terms /privacy
help-support = Write to us: { $contact }
help-support-none = The shop has not named a contact yet. Open your order with /orders: it says what happens next.
help-paysupport = Trouble with a payment? Open the order with /orders: it says what was seen and what happens next. Money that comes late or twice goes to your wallet, Stars go back by themselves. If something is still wrong, tell us the order code.
help-terms = You buy from { $shop }. Prices include tax. Digital goods are delivered here at once after payment; goods to collect wait for you at the pickup point. What cannot be delivered is refunded.
help-privacy = { $shop } keeps your Telegram id, your name (encrypted), your orders and payments, and nothing else. Card data stays with the payment provider. Ask with /support to have it erased.
status-open = 🟢 The shop is open.
status-closed = 🔴 The shop is closed at the moment.
status-methods = You can pay with: { $methods }
status-orders = { $count ->
    [0] You have no open orders.
    [one] You have { $count } open order: /orders
   *[other] You have { $count } open orders: /orders
  }
command-start = Menu
command-shop = Look around and buy
command-basket = Your basket
command-orders = Your orders
command-wallet = Your wallet
command-refill = Top up your wallet
command-referrals = Invite friends
command-profile = Your profile
command-language = Change the language
command-support = Reach the shop
command-help = What I can do
command-status = Is everything working
command-paysupport = Help with a payment
command-terms = Terms
command-privacy = Privacy

# Kind words when something is in the way
error-general = That did not work just now. Nothing was lost; please try again in a minute.
error-slower = A little slower, please. I am still here.
error-banned = You cannot use this shop. If this is a mistake, write to /support.
precheckout-other = This invoice is not valid any more. Please open the order or the top-up again.
precheckout-yours = This invoice belongs to somebody else.
precheckout-over = The time to pay is over. Nothing was charged.
precheckout-error = We could not check this payment just now. Nothing was charged; please try again.

# Why not
rejection-SoldOut = Sorry, this was just sold out. Nothing was charged.
rejection-PriceChanged = The price has changed. Please check the new total.
rejection-LimitReached = You have reached the limit of this product per person.
rejection-TooManyOpenOrders = You have too many unpaid orders and top-ups. Please pay or cancel one first.
rejection-CoolDown = Several things you kept were not paid for, so nothing is kept for you just now. You can buy from your wallet, or try again later.
rejection-CoolDown-until = Several things you kept were not paid for, so nothing is kept for you until { $until }. You can buy from your wallet at once.
rejection-TooManyHeld = So many pieces of one product are not kept for one person. Please take fewer, or pay what you have open.
rejection-TooManyHeld-of = { $limit ->
    [one] At most { $limit } piece of a product is kept for one person at a time. Please pay or cancel what you have open.
   *[other] At most { $limit } pieces of a product are kept for one person at a time. Please take fewer, or pay what you have open.
  }
rejection-InsufficientFunds = There is not enough in your wallet for this. Please choose another method.
rejection-WalletInDebt = Your wallet is in debt, so it cannot pay at the moment.
rejection-HoldExpired = The time to pay for this order is over.
rejection-ShopClosed = The shop is closed at the moment. Please come back later.
rejection-MethodNotAllowed = This method is not possible for this order. Please choose another.
rejection-MethodUnavailable = This method does not work at the moment. Please choose another.
rejection-MethodNotYet = This way to pay opens once we know each other better. Please choose another one for now.
rejection-NoCommonMethod = These products cannot be paid together. Please order them one group at a time.
rejection-ProductGone = One of these products is no longer on sale.
rejection-OptionNeeded = Please choose an option of this product first.
rejection-AmountOutOfBounds = This amount is not possible here. Please choose another.
rejection-EmptyBasket = Your basket is empty.
rejection-PaymentOnItsWay = Your payment is on its way, so this cannot be changed now. Please wait a moment.
rejection-AlreadyPaid = This order is already paid.
rejection-AlreadyEnded = This order has already ended.
rejection-NotYours = This order belongs to somebody else.
rejection-CustomerBanned = You cannot use this shop. If this is a mistake, write to /support.
rejection-UnknownOrder = There is no such order.
rejection-NotPaid = This order is not paid.
rejection-NothingToSend = There is nothing to send again.
rejection-HeldBack = The payment is disputed, so goods that are not delivered wait.
rejection-BuyerInDebt = The wallet that paid this is in debt, so goods that are not delivered wait until it is settled.
rejection-NothingLeft = There is nothing left to refund.
rejection-WholeOnly = This payment can only be refunded as a whole.
rejection-TooMuch = That is more than was paid.
rejection-Disputed = The payer disputes this payment, so it cannot be refunded.
rejection-AlreadyPlaced = You already have this order open.
rejection-CodeStopped = This code is no longer valid.
rejection-CodeNotYet = This code is not valid yet.
rejection-CodeEnded = This code has expired.
rejection-CodeUsedUp = This code has been used up.
rejection-CodeNotForYou = This code is meant for somebody else.
rejection-CodeFirstOrder = This code is for a first order only.
rejection-CodeUsedByYou = You have used this code as often as it allows.
rejection-CodeNotForThese = This code is for other products.
rejection-CodeMinimum = Your order is below the amount from which this code counts.
rejection-AmountTooSmall = That is less than can be topped up. Please choose a larger amount.
rejection-AmountTooLarge = That is more than can be topped up at once. Please choose a smaller amount.
rejection-TooManyOpenPayments = You have too many unpaid orders and top-ups. Please pay or cancel one first.
rejection-AlreadyCredited = This top-up is in your wallet already.
rejection-UnknownDeposit = There is no such top-up.
rejection-other = This was not possible.

# Staff
staff-title = Order { $code }
staff-customer = Customer: { $customer }
staff-money = { $method } · { $total }
staff-received = Received: { $amount }
staff-tolerated = Short by { $amount }, within tolerance: the shop bears it
staff-disputed = ⚠️ The payer disputes this payment. Refunds are blocked.
staff-warned = ⚠️ The bank warns that this payment may be disputed. A refund now can spare the dispute; goods that are not delivered wait for you.
staff-taken-back = Taken back by the provider: { $amount }
staff-status-awaitingPayment = ⏳ Waiting for payment
staff-status-awaitingSettlement = 👀 Payment seen, waiting for the provider
staff-status-paid = ✅ Paid, being delivered
staff-status-delivered = 🎉 Delivered
staff-status-unfulfillable = 😔 Paid but sold out: the money goes back by itself
staff-status-refunded = ↩️ Refunded
staff-status-expired = ⌛ Not paid in time
staff-status-cancelled = ✖️ Cancelled
staff-delivery-waiting = waiting to be sent
staff-delivery-sending = being sent
staff-delivery-sent = sent
staff-delivery-shown = sent and shown
staff-delivery-staffTask = ⚠️ Telegram refuses it: please hand it over yourself
staff-delivery-handedOver = handed over
staff-delivery-revoked = taken back
staff-delivery-held = ⏸ held back: the payment is disputed
staff-code = code { $code }
staff-hand-over = 🤝 Handed over: { $title }
staff-resend = 📨 Re-send
staff-refund = ↩️ Refund
staff-cancel = ✖️ Cancel
staff-sure-refund = Refund { $amount }? Press again to confirm.
staff-sure-cancel = Cancel this order? Press again to confirm.
staff-yes-refund = Yes, refund { $amount }
staff-yes-cancel = Yes, cancel it
staff-no = No, back
staff-not-you = Only staff of this shop can do that.
staff-role = Your role does not allow that.
staff-doing = On it…
staff-done-resend = It is being sent again.
staff-later = This takes longer than usual. The message changes when it is done.
staff-help = Every order has one message here that changes with it. The buttons hand over, send again, refund or cancel; refund and cancel ask for a second press.

# A basket that buys itself
auto-buy-opening = Noted…
auto-buy-waiting = ⚡ As soon as the money is in your wallet, this is bought by itself, once, for at most { $total }. Nothing is reserved until then. After 24 hours I ask you first.
auto-buy-give-up = ✖️ Do not buy by itself
auto-buy-given-up = All right, nothing is bought by itself.
auto-buy-asked = 💰 The money is in your wallet, but I did not buy { $code } for { $total } by myself. { $why }
auto-buy-late = It came more than 24 hours after you asked for it.
auto-buy-changed = Your basket has changed since.
auto-buy-look = Look and buy

# Alerts to staff
alert-ratesApart = ⚠️ Rates of { $what }: the two sources are more than 2 % apart. Nothing is priced by them until they agree again.
alert-ratesJump = ⚠️ Rates of { $what } moved by more than 20 % at once. Nothing is priced by them until they are back, or have stood for an hour.
alert-ratesStale = ⚠️ Rates of { $what }: the sources gave none for an hour. Nothing is priced by them until they do.
alert-ratesBack = ✅ Rates of { $what } are good again.
alert-methodHidden = ⚠️ { $method } failed { $count } times in a row and is hidden now. It is tried again after 15 minutes, and shown when that works.
alert-methodBack = ✅ { $method } works again and is shown.
alert-warnedOf = ⚠️ The bank warns of { $what }: its payment may be disputed. A refund now can spare the dispute.
alert-disputed = ⚠️ The payer disputes the payment of { $what }. What was not sent waits; answer the dispute at the provider.
alert-takenBack = ↩️ The provider took back { $amount } of { $what }.
alert-givenAgain = ✅ The provider gave { $amount } of { $what } back.
alert-refundFailed = ❗ { $amount } of top-up { $what } could not be given back: { $reason }. It stays owed; ask again by tillflow deposit refund.
alert-unequal = ⚠️ Reconciliation of { $what }: { $count ->
    [one] { $count } difference
   *[other] { $count } differences
}, { $amount } together. The provider has { $statement }, the ledger { $ledger }, both without { $fees } of fees.
alert-ledgerLacks = ⚠️ { $what }: the provider has { $amount } that the ledger lacks.
alert-ledgerHasMore = ⚠️ { $what }: the ledger has { $amount } that the provider does not have.
alert-chainStale = ⚠️ The chain of { $coin } has not been followed for 15 minutes. It stands at block { $height }, { $count ->
    [one] { $count } block
   *[other] { $count } blocks
} behind. No address of { $coin } is shown until it is; what is sent meanwhile is found then.
alert-chainBack = ✅ The chain of { $coin } is followed again, up to block { $height }.
alert-addressesUnused = ⚠️ { $count ->
    [one] { $count } address
   *[other] { $count } addresses
} of { $coin } in a row were given out and never paid to. From 20 on, no new customer gets one: a wallet looks no further ahead.
alert-addressesUsedUp = ⛔ { $count ->
    [one] { $count } address
   *[other] { $count } addresses
} of { $coin } in a row were never paid to. New customers are not offered { $coin } until one of them is; those who have an address keep it.

## Transfers to the shop's own account or phone

method-blik = BLIK to phone
method-bank = Bank transfer
transfer-account = Transfer { $amount } to this account:
transfer-phone = Send { $amount } by BLIK to this phone number:
transfer-account-number = Account: { $number }
transfer-phone-number = Phone: { $number }
transfer-name = Name: { $name }
transfer-bank = Bank: { $bank }
transfer-title = Title: { $title }
transfer-receipt = 📎 Then send the confirmation here, as a photo or a PDF. The shop's staff look at their bank and you hear from me.
transfer-no-blik-code = 🔒 Nobody of the shop ever asks for a BLIK code. Never write one here.
transfer-copy-account = 📋 Account
transfer-copy-phone = 📋 Phone number
transfer-copy-title = 📋 Title
transfer-copy-amount = 📋 Amount
transfer-late = If you did transfer it, send the confirmation here all the same: money that arrives is never lost.
transfer-rejected = ❌ The shop's staff did not confirm top-up { $code }.
transfer-unjudged = ⌛ The shop's staff have not confirmed top-up { $code } within three days.
transfer-reason-notReceived = They found no such money in the bank.
transfer-reason-unreadable = The confirmation could not be read, or is about something else.
transfer-reason-duplicate = The same confirmation was used before.
transfer-reason-other = Please ask the shop: /support.
transfer-not-lost = If you did pay, write to /support or send a better confirmation here. Money that arrived is not lost.
transfer-blik-code = 🔒 That looks like a BLIK code. Never send one to anybody, not to us either: whoever has it can take your money. I did not use it.
deposit-with-staff = Your confirmation is with the shop's staff, who look at their bank. You need not do anything; you may send another one here.
deposit-unjudged = The shop's staff did not confirm it in time.
deposit-not-found = The shop's staff did not find this money.
receipt-taken = 📎 Thank you. The confirmation for top-up { $code } is with the shop's staff now; I will write here when they have looked.
receipt-known = 📎 I have this one already, for top-up { $code }.
receipt-tooMany = There are ten confirmations for top-up { $code } already; that is all I can keep. The staff will look at them.
receipt-tooBig = That is too big for me. Please send the confirmation for top-up { $code } as a photo or a PDF of at most 10 MB.
receipt-notReadable = I cannot read that. Please send the confirmation for top-up { $code } as a photo (JPEG, PNG, WebP) or a PDF of at most 10 MB.
receipt-open = Open the top-up

## Staff: deposits they judge

approval-title = Top-up { $code }
approval-status-waiting = ⏳ Waiting for the customer
approval-status-seen = 👀 Please look at the bank
approval-status-credited = ✅ Credited
approval-status-partial = ✅ Credited, less than asked
approval-status-expired = ⌛ Ended, can still be credited
approval-status-rejected = ❌ Rejected, can still be credited
approval-status-reversed = ↩️ Taken back
approval-asked = Asked for { $amount }, { $method }
approval-transfer-title = Transfer title: { $title }
approval-credited = Credited so far: { $amount }
approval-receipts = { $count ->
    [0] No confirmation sent
    [one] { $count } confirmation in this chat
   *[other] { $count } confirmations in this chat
 }
approval-twin-sameFile = ⚠️ The same file was sent for top-up { $code }
approval-twin-samePicture = ⚠️ The same picture was sent for top-up { $code }
approval-approved = ✅ { $amount } from { $sender }, reference { $reference }: { $by }
approval-by-one = ✌️ { $amount } from { $sender }, reference { $reference }: { $by }. Another person must approve it too.
approval-by-two = ✅ { $amount } from { $sender }, reference { $reference }: { $by } and { $second }
approval-rejected = ❌ Rejected by { $by }: { $reason }
approval-reason-notReceived = Not in the bank
approval-reason-unreadable = Not readable
approval-reason-duplicate = Used before
approval-reason-other = Another reason
approval-approve = ✅ Approve
approval-approve-more = ➕ More money came
approval-reject = ❌ Reject
approval-second = ✅ Approve as the second person
approval-how = The money is in the bank? Send what arrived, the bank's reference and who sent it, like this: { $command }
approval-more = This top-up is credited already. Go on only when more money came.
approval-copy = 📋 Copy the beginning
approval-why = Why?
approval-sure = Credit { $amount } from { $sender }, reference { $reference }?
approval-sure-reject = Reject it: { $reason }?
approval-yes = Yes, credit { $amount }
approval-yes-reject = Yes, reject
approval-gone = This was decided meanwhile.
approval-receipt-of = Confirmation for top-up { $code }
approval-reminder = ⏰ Top-up { $code } over { $amount } waits for somebody to look at the bank; its confirmation came { $time }.
approval-usage = Like this: { $command }
approval-refused-UnknownDeposit = There is no such top-up by transfer.
approval-refused-OwnDeposit = Nobody approves their own money.
approval-refused-SamePerson = You approved it already; another person is needed.
approval-refused-AnotherDraft = That was written by somebody else.
approval-refused-AlreadyJudged = Somebody decided it meanwhile.
approval-refused-AlreadyEnded = It has ended already.
approval-refused-AlreadyCredited = It is credited already.
approval-refused-ReferenceUsed = This bank reference was credited before.
approval-refused-AmountTooLarge = That is far more than anybody may top up.
approval-refused-amount = That is no amount of this shop's currency.
approval-refused-reference = The bank's reference has 4 to 64 letters and digits.
approval-refused-sender = Who sent it? Up to 100 characters.
command-approve = Approve a top-up by transfer

payout-asked-order = ↩️ { $amount } of order { $code } go back to you. Money paid this way cannot go back by itself: please say where to.
payout-asked-deposit = ↩️ The shop pays { $amount } of top-up { $code } back to you. Please say where to.
payout-asked-again-order = ⏰ { $amount } of order { $code } still wait for you to say where to.
payout-asked-again-deposit = ⏰ { $amount } of top-up { $code } still wait for you to say where to.
payout-open = 📮 Say where to
payout-told-sent = 🚀 { $amount } ({ $code }) are on their way to you.
payout-told-succeeded = ✅ { $amount } ({ $code }) were paid back to you.
payout-told-failed = { $amount } ({ $code }) could not be paid back, so they are in your wallet now.
payout-transaction = Transaction: { $transaction }
payout-failure-notNamed = Nobody said where to send it.
payout-failure-refused = The shop's staff decided so.
payout-failure-destination = It cannot be sent to what was named.
payout-failure-cameBack = It was sent and came back.
payout-failure-cancelled = It was cancelled.
payout-title = Money back
payout-of-order = { $amount } of order { $code }
payout-of-deposit = { $amount } of top-up { $code }
payout-where-address = Which address of yours? It must take { $coin } on the network { $network }: sent to another network, money is lost.
payout-where-account = Which account of yours? An IBAN, please.
payout-where-phone = Which phone number of yours takes BLIK transfers?
payout-write = ✍️ Write it here as a message.
payout-not-sender = Do not name the address you paid from when an exchange sent it: it may not be yours.
payout-until-order = Without an answer until { $time } the money goes to your wallet.
payout-until-deposit = Without an answer until { $time } the money stays in your wallet.
payout-name-address = ✍️ Name an address
payout-name-account = ✍️ Name an account
payout-name-phone = ✍️ Name a phone number
payout-another = ✍️ Another one
payout-yes = ✅ Yes, send it there
payout-check = Please compare it character by character. What is sent cannot be called back.
payout-destination-address = Address: { $destination }
payout-destination-account = Account: { $destination }
payout-destination-phone = Phone: { $destination }
payout-misfit-malformed = That does not look like one.
payout-misfit-checksum = A character is wrong or missing: the check digits do not fit.
payout-misfit-ours = That is an address of this shop. Please name one of yours.
payout-stage-approval = ⏳ Thank you. The shop's staff look at it.
payout-stage-second = ⏳ Thank you. The shop's staff look at it.
payout-stage-sending = ⏳ Approved; it will be sent.
payout-stage-arrival = 🚀 Sent, on its way to you.
payout-stage-succeeded = ✅ Paid back.
payout-stage-failed = It is in your wallet.
staff-payout-title = Payout { $code }
staff-payout-stage-naming = ⏳ The customer is asked where to
staff-payout-stage-approval = 👀 Please approve or refuse it
staff-payout-stage-second = ✌️ Another person must approve it too
staff-payout-stage-sending = 💸 Approved: please send the money
staff-payout-stage-arrival = 🚀 Sent: did it arrive?
staff-payout-stage-succeeded = ✅ Paid back
staff-payout-stage-failed = ↩️ Not paid back: in the wallet
staff-payout-rail = By: { $rail }
staff-payout-asked-by = Asked for by { $by }
staff-payout-approved = ✅ Approved: { $by }
staff-payout-sent = 🚀 Sent by { $by }: { $transaction }
staff-payout-act-approve = ✅ Approve
staff-payout-act-second = ✅ Approve as the second person
staff-payout-act-sent = 🚀 I have sent it
staff-payout-act-arrived = ✅ It arrived
staff-payout-act-refuse = ✖️ To the wallet
staff-payout-act-destination = 📮 Cannot be sent there
staff-payout-act-cameBack = ↩️ It came back
staff-payout-sure-approve = Let { $amount } go to the destination above?
staff-payout-sure-second = Let { $amount } go to the destination above, as the second person?
staff-payout-sure-sent = { $amount } are sent, by transaction { $transaction }?
staff-payout-sure-arrived = Did { $amount } arrive?
staff-payout-sure-refuse = Do not pay { $amount } out, but leave them in the wallet?
staff-payout-sure-destination = { $amount } cannot be sent there: leave them in the wallet?
staff-payout-sure-cameBack = { $amount } came back: put them into the wallet?
staff-payout-yes-approve = Yes, approve
staff-payout-yes-second = Yes, approve
staff-payout-yes-sent = Yes, it is sent
staff-payout-yes-arrived = Yes, it arrived
staff-payout-yes-refuse = Yes, to the wallet
staff-payout-yes-destination = Yes, to the wallet
staff-payout-yes-cameBack = Yes, it came back
staff-payout-how-sent = The money is on its way? Send the transaction's id or the bank's reference, like this: { $command }
staff-payout-open = Open the payout
staff-payout-reminder = ⏰ Payout { $code } over { $amount } waits for staff since { $time }.
payout-refused-UnknownPayout = There is no such payout.
payout-refused-OwnPayout = Nobody judges their own money.
payout-refused-AskedForIt = You asked for it; another person must approve it.
payout-refused-SamePerson = You approved it already; another person is needed.
payout-refused-NotNamed = Nobody has said yet where to.
payout-refused-NotApproved = It is not approved yet.
payout-refused-NotSent = It is not sent yet.
payout-refused-AlreadyJudged = Somebody decided it meanwhile.
payout-refused-AlreadyClosed = It has ended already.
payout-refused-TakenBack = The money of this top-up was taken back meanwhile: do not send it.
payout-refused-WalletInDebt = The wallet is in debt: nothing is paid out of it.
payout-refused-TransactionUsed = This transaction paid another payout.
payout-refused-NoDraft = That was written by somebody else.
payout-refused-transaction = The transaction's id has 4 to 128 letters, digits or signs.
command-sent = Say that a payout was sent

# Waiting for sold-out products, and stock as staff are told of it
stage-price-note = That is the price now. What you pay is shown before you pay.
stage-open = ⭐ Buy in the shop
stage-removed = This offer is over. The product is still here.
stock-watch-ask = 🔔 Tell me when it is back
stock-watch-stop = 🔕 Do not tell me any more
stock-watch-remove = ✕ Remove
stock-watch-title = Products you wait for
stock-watch-none = You wait for no product. The card of a sold-out one has a button for it.
stock-watch-about = { $count ->
    [one] We write to you when it is back, in the order in which people asked.
   *[other] { $count } products. We write to you when one is back, in the order in which people asked.
  }
stock-watch-list = { $count ->
    [0] 🔔 Waiting for products
   *[other] 🔔 Waiting for products ({ $count })
  }
stock-watch-watching = We write to you when it is back.
stock-watch-stopped = We do not write to you about it any more.
stock-watch-in-stock = It is here: you can buy it now.
stock-watch-gone = This product is not sold any more.
stock-watch-too-many = You wait for 50 products already. Please remove one under /profile first.
stock-watch-open = 🛍 Look at it
notice-stock-back = 🔔 { $product } is back. You asked for it among the first: for a quarter of an hour only as many people know of it as there are pieces.
alert-stageSend = 🛍 “{ $title }” was not sent: the product is no longer on sale, or its stage was removed.
alert-stockLow = 📉 { $product }: { $left ->
    [one] only { $left } piece is left.
   *[other] only { $left } pieces are left.
  }
alert-stockOut = 🈳 { $product } is sold out.
alert-stockBack = 📦 { $product } is back: { $left ->
    [one] { $left } piece at least.
   *[other] { $left } pieces at least.
  } Those who waited for it are told in turn.

# Faulty goods within their warranty
claim-begin = 🛠 Something is wrong
claim-title = 🛠 Something is wrong
claim-which = With which of them?
claim-none = Nothing of this order is under warranty any more.
claim-piece = { $title }, piece { $piece }
claim-describe = Please write in one message what is wrong with it. A person of the shop reads it.
claim-open = Thank you. The shop has your message and decides: another piece, your money back, or an answer why not. We write to you here.
claim-replaced = ✅ You get another piece instead. It is sent to you here.
claim-refunded = ✅ You get its price back, the way you paid.
claim-refused = The shop does not take it back.
claim-withdrawn = You took this back.
claim-withdraw = ↩️ Never mind, all is well
claim-look = 🛠 Look at it
claim-reason-works = We tried it, and it works as described.
claim-reason-used = It was used up, or changed, after it was given out.
claim-reason-notOurs = What is wrong does not lie with what we sold.
claim-reason-other = Please ask the support if you want to know more.
notice-claim = 🛠 { $product }, order { $code }
claim-rejected-UnknownClaim = There is no such report.
claim-rejected-WarrantyOver = This is not under warranty any more.
claim-rejected-AlreadyClaimed = It was reported already.
claim-rejected-AlreadyJudged = This was decided already.
claim-rejected-OwnClaim = Nobody decides on what they reported themselves.
claim-rejected-SoldOut = There is no other piece to give.
claim-rejected-NotDelivered = The order is not in a state in which this can be done.
claim-rejected-Disputed = The money of this order is disputed.
claim-rejected-NothingLeft = There is no money left to give back.
claim-rejected-MoneyBack = Its money went back already: nothing is given instead.
claim-rejected-WholeOnly = Stars go back whole only, and this is a part of the order.
claim-rejected-TooMuch = Less than its price is left of what was paid.
claim-rejected-WalletInDebt = The customer’s wallet is in debt.
staff-claim-title = 🛠 Faulty goods { $code }
staff-claim-status-open = Waits for a decision
staff-claim-status-replaced = Replaced
staff-claim-status-refunded = Refunded
staff-claim-status-refused = Refused
staff-claim-status-withdrawn = Taken back by the customer
staff-claim-order = Order { $code }: { $piece }
staff-claim-replace = 🔁 Replace
staff-claim-refund = 💸 Refund
staff-claim-refuse = ✖️ Refuse
staff-claim-sure-replace = Give another piece instead? This one leaves the stock for good.
staff-claim-sure-refund = Give its price back the way it was paid?
staff-claim-sure-refuse = Refuse it? The customer reads the reason.
staff-claim-yes-replace = Yes, replace
staff-claim-yes-refund = Yes, refund
staff-claim-reason-works = It works
staff-claim-reason-used = Used up or changed
staff-claim-reason-notOurs = Not our fault
staff-claim-reason-other = Another reason
staff-claim-reminder = ⏰ Faulty goods { $code } wait for a decision since { $since }.
staff-claim-look = 🛠 Look at it
